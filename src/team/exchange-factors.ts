import { isMissingFile } from "../files/read-own-file.ts";
import type { QueryRows } from "../postgres/postgres.ts";
import { readFactorFile } from "../tokens/calibration-file.ts";
import { digestText } from "./digest-text.ts";
import { noteChange } from "./revisions.ts";

/** More than a file keeps. */
const mostRead = 500;
/** What nobody has learned again for so long goes. */
const keptDays = 90;

/** Exchanges what was learned about token counts; of two factors the one learned later counts. */
export interface FactorExchange {
  /** Rejects with a PostgresError, or if the file cannot be read. */
  exchange(query: QueryRows): Promise<void>;
}

type Factors = ReadonlyMap<string, number>;

/**
 * Creates the exchange.
 * @param filePath the calibration file
 * @param adopt takes over factors of others; false if nobody can yet
 */
export function createFactorExchange(filePath: string, adopt: (factors: Factors) => boolean): FactorExchange {
  /** The file and the database when they were last looked at; null before that. */
  let last: { readonly ours: Factors; readonly theirs: Factors } | null = null;

  return {
    async exchange(query) {
      const ours = readFactors(filePath);
      // Of those that were there before the start nobody knows how old they are: the database's are taken.
      const learned = [...ours].filter(([name, factor]) => isLearned(name, factor));
      await writeFactors(query, learned, last === null ? "add" : "replace");
      const theirs = await readRows(query);
      const other = new Map([...theirs].filter(([name, factor]) => ours.get(name) !== factor));
      if (other.size > 0 && !adopt(other)) return;
      last = { ours, theirs };
    },
  };

  function isLearned(name: string, factor: number): boolean {
    return last === null || (last.ours.get(name) !== factor && last.theirs.get(name) !== factor);
  }
}

function readFactors(filePath: string): Factors {
  try {
    return readFactorFile(filePath);
  } catch (error) {
    if (isMissingFile(error)) return new Map();
    throw error;
  }
}

async function readRows(query: QueryRows): Promise<Factors> {
  const rows = await query(`select name, factor from proxy_factors order by learned desc limit ${mostRead}`);
  return new Map(
    rows.flatMap(({ name, factor }) =>
      typeof name === "string" && typeof factor === "number" ? [[name, factor] as const] : [],
    ),
  );
}

async function writeFactors(
  query: QueryRows,
  factors: readonly (readonly [string, number])[],
  how: "add" | "replace",
): Promise<void> {
  const rows = factors
    // Names come from clients, and no text of a database holds these.
    .filter(([name]) => name.isWellFormed() && !name.includes("\0"))
    .map(([name, factor]) => ({ id: digestText(name), name, factor }));
  if (rows.length === 0) return;
  const onConflict =
    how === "add" ? "do nothing" : "(id) do update set factor = excluded.factor, learned = excluded.learned";
  await query(
    `with old as (
       delete from proxy_factors where learned < now() - interval '${keptDays} days'
     ), added as (
       insert into proxy_factors (id, name, factor)
       select id, name, factor from jsonb_to_recordset($1::text::jsonb) as x (id text, name text, factor float8)
       order by id
       on conflict ${onConflict}
     )
     ${noteChange("factors")}`,
    [JSON.stringify(rows)],
  );
}
