import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Postgres } from "../../src/postgres/postgres.ts";
import type { RecordedBody, RecordedRequest } from "../../src/record/recorded-request.ts";
import { migrations } from "../../src/record/sqlite/migrations.ts";
import { type ColumnValue, insertRequest, listValues } from "../../src/record/sqlite/request-columns.ts";

/** A request of which only what a test is about differs from the others. */
export function recordedRequest(members: Partial<RecordedRequest> = {}): RecordedRequest {
  return {
    requestId: "req_example",
    timeMs: Date.UTC(2026, 10, 30, 12),
    path: "/v1/messages",
    client: null,
    sessionId: null,
    agentId: null,
    parentAgentId: null,
    agentType: null,
    kind: "main",
    clientModel: "claude-opus-5",
    rule: "BIG_MODEL_NAME",
    upstream: "openrouter",
    model: "z-ai/glm-5.3",
    family: "openrouter",
    protocol: "chat",
    stream: true,
    status: 200,
    stopReason: "end_turn",
    inputTokens: 1000,
    outputTokens: 100,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    thinkingTokens: null,
    usageEstimated: false,
    estimatedTokens: 990,
    estimateErrorPercent: -1,
    window: 200_000,
    requestBytes: 5000,
    sentBytes: 4000,
    receivedBytes: 3000,
    answerBytes: 3500,
    firstByteMs: 400,
    durationMs: 2000,
    tokensPerSecond: 62.5,
    costUsd: 0.0125,
    costSource: "price",
    sends: 1,
    attempts: [],
    changes: { dropped: [], repairs: [], warnings: [] },
    errorType: null,
    errorMessage: null,
    phase: null,
    causeCode: null,
    upstreamRequestId: null,
    prefix: null,
    ...members,
  };
}

/** Writes requests into a record without a thread, and without taking keys out. */
export interface RecordRows {
  add(request: RecordedRequest, bodies?: readonly RecordedBody[]): number;
  addAll(requests: Iterable<RecordedRequest>): void;
  [Symbol.dispose](): void;
}

/** Opens the record of this path, and makes one if there is none. */
export function openRecordRows(path: string): RecordRows {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path, { create: true });
  database.run("pragma journal_mode = wal");
  const [{ user_version: version } = { user_version: 0 }] = database
    .query<{ user_version: number }, []>("pragma user_version")
    .all();
  if (version === 0) {
    for (const step of migrations) database.run(step);
    database.run(`pragma user_version = ${migrations.length}`);
  }
  const insert = database.prepare<unknown, ColumnValue[]>(insertRequest);
  const insertBody = database.prepare<unknown, (string | number | Uint8Array | null)[]>(
    "insert into bodies values (?, ?, ?, ?, ?, ?, ?)",
  );
  const add = (request: RecordedRequest, bodies: readonly RecordedBody[] = []): number => {
    const { lastInsertRowid } = insert.run(...listValues(request, (text) => text));
    const seq = Number(lastInsertRowid);
    for (const { name, send, head, text, bytes, isCut } of bodies) {
      const headText = head === null ? null : JSON.stringify(head);
      insertBody.run(seq, name, send, headText, bytes, Number(isCut), Bun.zstdCompressSync(text));
    }
    return seq;
  };
  return {
    add,
    addAll: database.transaction((requests: Iterable<RecordedRequest>) => {
      for (const request of requests) add(request);
    }),
    [Symbol.dispose]: () => {
      // Otherwise the file stays open until they are collected.
      insert.finalize();
      insertBody.finalize();
      database.close(true);
    },
  };
}

const columnNames = (/\((.*?)\)/.exec(insertRequest)?.[1] ?? "").split(", ");

/** Writes requests into a shared record, which has its tables already, without a thread and without taking keys out. */
export async function addSharedRows(
  postgres: Pick<Postgres, "query">,
  requests: readonly (readonly [RecordedRequest, readonly RecordedBody[]])[],
): Promise<void> {
  const names = columnNames.map((name) => `"${name}"`).join(", ");
  const rows = requests.map(([request]) => {
    const values = listValues(request, (text) => text);
    return Object.fromEntries(columnNames.map((name, index) => [name, values[index] ?? null]));
  });
  const inserted = await postgres.query(
    `insert into proxy_requests (${names}) select ${names}
      from jsonb_populate_recordset(null::proxy_requests, $1::text::jsonb) returning seq`,
    [JSON.stringify(rows)],
  );
  for (const [index, [, bodies]] of requests.entries()) {
    for (const { name, send, head, text, bytes, isCut } of bodies) {
      const headText = head === null ? null : JSON.stringify(head);
      await postgres.query(
        "insert into proxy_bodies values ($1::bigint, $2::text, $3::bigint, $4::text, $5::bigint, $6::bigint, $7::bytea)",
        [
          Number(inserted[index]?.["seq"]),
          name,
          send,
          headText,
          bytes,
          Number(isCut),
          Bun.zstdCompressSync(text),
        ],
      );
    }
  }
}
