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
  for (const seq of candidates) {
    if (seqs.length >= query.limit) break;
    const now = performance.now();
    if (bytes > mostBytes || now > endMs) return { seqs, isCut: true };
    if (now > turnEndMs) {
      await new Promise((resolve) => setImmediate(resolve));
      turnEndMs = performance.now() + turnMs;
    }
    const texts = await readTexts(database, seq);
    for (const text of texts) bytes += text.length;
    if (words.every((word) => texts.some((text) => text.includes(word)))) seqs.push(seq);
  }
  return { seqs, isCut: false };
}

/** The condition that a request is one of these. */
export function buildOneOf({ isOneOf }: SqlDialect, seqs: readonly number[]): SqlCondition {
  return { sql: isOneOf, values: [JSON.stringify(seqs)] };
}

async function listCandidates({ dialect, all }: RecordDatabase, query: ListQuery): Promise<number[]> {
  const { requestTable, bodyTable } = dialect;
  const { sql, values } = buildCondition(dialect, query.filter, buildPlace(dialect, query));
  const rows = await all(
    `select seq from ${requestTable} where ${sql} and seq in (select seq from ${bodyTable}) order by ${buildOrder(query)}`,
    values,
  );
  return rows.map((row) => readCount(row, "seq"));
}

async function readTexts({ dialect, all }: RecordDatabase, seq: number): Promise<string[]> {
  const rows = await all(`select content from ${dialect.bodyTable} where seq = ?`, [seq]);
  return rows.flatMap(({ content }) =>
    content instanceof Uint8Array ? [unpackBody(content).toLowerCase()] : [],
  );
}
