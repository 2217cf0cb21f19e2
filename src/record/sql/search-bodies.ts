import type { ListQuery } from "../record-reader.ts";
import { buildCondition, type SqlCondition } from "./build-condition.ts";
import { buildOrder, buildPlace } from "./read-list.ts";
import { readCount } from "./read-row.ts";
import type { RecordDatabase, SqlDialect } from "./record-database.ts";
import { unpackBody } from "./unpack-body.ts";

/** No search unpacks more, or goes on for longer. */
const mostBytes = 200_000_000;
const mostMs = 5000;

/** So long others wait at most, with a body of a megabyte at its end. */
const turnMs = 20;

export interface BodyMatches {
  /** The numbers of the requests that were found. */
  readonly seqs: readonly number[];
  /** The search ended before all bodies were read. */
  readonly isCut: boolean;
}

/**
 * Searches the kept bodies of requests for which the rest of the filter holds, in the order of the list: all words must
 * be in the bodies of one request. Others are let in between.
 */
export async function searchBodies(database: RecordDatabase, query: ListQuery): Promise<BodyMatches> {
  const words = query.filter.bodyWords.map((word) => word.toLowerCase());
  const candidates = await listCandidates(database, query);
  const endMs = performance.now() + mostMs;
  const seqs: number[] = [];
  let bytes = 0;
  let turnEndMs = performance.now() + turnMs;
  const { searchedAtOnce, mostSearched } = database.dialect;
  let bodiesOf: ReadonlyMap<number, readonly Uint8Array[]> = new Map();
  for (const [index, seq] of candidates.entries()) {
    if (seqs.length >= query.limit) return { seqs, isCut: false };
    const now = performance.now();
    if (bytes > mostBytes || now > endMs) return { seqs, isCut: true };
    if (now > turnEndMs) {
      await new Promise((resolve) => setImmediate(resolve));
      turnEndMs = performance.now() + turnMs;
    }
    if (index % searchedAtOnce === 0) {
      bodiesOf = await readBodies(database, candidates.slice(index, index + searchedAtOnce));
    }
    const texts = (bodiesOf.get(seq) ?? []).map((body) => unpackBody(body).toLowerCase());
    for (const text of texts) bytes += text.length;
    if (words.every((word) => texts.some((text) => text.includes(word)))) seqs.push(seq);
  }
  return { seqs, isCut: candidates.length === mostSearched };
}

/** The condition that a request is one of these. */
export function buildOneOf({ isOneOf }: SqlDialect, seqs: readonly number[]): SqlCondition {
  return { sql: isOneOf, values: [JSON.stringify(seqs)] };
}

async function listCandidates({ dialect, all }: RecordDatabase, query: ListQuery): Promise<number[]> {
  const { requestTable, bodyTable } = dialect;
  const { sql, values } = buildCondition(dialect, query.filter, buildPlace(dialect, query));
  const rows = await all(
    `select seq from ${requestTable} where ${sql} and seq in (select seq from ${bodyTable}) order by ${buildOrder(query)} limit ?`,
    [...values, dialect.mostSearched],
  );
  return rows.map((row) => readCount(row, "seq"));
}

/** The packed bodies of each of these requests. */
async function readBodies({ dialect, all }: RecordDatabase, seqs: readonly number[]) {
  const bodiesOf = new Map<number, Uint8Array[]>();
  const { sql, values } = buildOneOf(dialect, seqs);
  const rows = await all(`select seq, content from ${dialect.bodyTable} where ${sql}`, values);
  for (const { seq, content } of rows) {
    if (typeof seq !== "number" || !(content instanceof Uint8Array)) continue;
    bodiesOf.set(seq, [...(bodiesOf.get(seq) ?? []), content]);
  }
  return bodiesOf;
}
