import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { RecordedBody, RecordedRequest } from "../../src/record/recorded-request.ts";
import { migrations } from "../../src/record/sqlite/migrations.ts";

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

/** The columns of the record, from what each is filled with. */
const columns: readonly (readonly [string, (row: RecordedRequest) => string | number | null])[] = [
  ["id", (row) => row.requestId],
  ["time", (row) => row.timeMs],
  ["path", (row) => row.path],
  ["client", (row) => row.client],
  ["session", (row) => row.sessionId],
  ["agent", (row) => row.agentId],
  ["parent_agent", (row) => row.parentAgentId],
  ["agent_type", (row) => row.agentType],
  ["kind", (row) => row.kind],
  ["asked_model", (row) => row.clientModel],
  ["rule", (row) => row.rule],
  ["upstream", (row) => row.upstream],
  ["model", (row) => row.model],
  ["family", (row) => row.family],
  ["protocol", (row) => row.protocol],
  ["stream", (row) => (row.stream === null ? null : Number(row.stream))],
  ["status", (row) => row.status],
  ["stop_reason", (row) => row.stopReason],
  ["input_tokens", (row) => row.inputTokens],
  ["output_tokens", (row) => row.outputTokens],
  ["cache_read_tokens", (row) => row.cacheReadTokens],
  ["cache_write_tokens", (row) => row.cacheWriteTokens],
  ["thinking_tokens", (row) => row.thinkingTokens],
  ["usage_estimated", (row) => Number(row.usageEstimated)],
  ["estimated_tokens", (row) => row.estimatedTokens],
  ["estimate_error", (row) => row.estimateErrorPercent],
  ["window", (row) => row.window],
  ["request_bytes", (row) => row.requestBytes],
  ["sent_bytes", (row) => row.sentBytes],
  ["received_bytes", (row) => row.receivedBytes],
  ["answer_bytes", (row) => row.answerBytes],
  ["first_byte_ms", (row) => row.firstByteMs],
  ["duration_ms", (row) => row.durationMs],
  ["tokens_per_second", (row) => row.tokensPerSecond],
  ["cost_picousd", (row) => (row.costUsd === null ? null : Math.round(row.costUsd * 1e12))],
  ["cost_source", (row) => row.costSource],
  ["sends", (row) => row.sends],
  ["attempts", (row) => (row.attempts.length === 0 ? null : JSON.stringify(row.attempts))],
  ["changes", ({ changes }) => (isEmpty(changes) ? null : JSON.stringify(changes))],
  ["error_type", (row) => row.errorType],
  ["error_message", (row) => row.errorMessage],
  ["phase", (row) => row.phase],
  ["cause_code", (row) => row.causeCode],
  ["upstream_request_id", (row) => row.upstreamRequestId],
  ["prefix_same", (row) => row.prefix?.sameBytes ?? null],
  ["prefix_previous", (row) => row.prefix?.previousBytes ?? null],
  ["prefix_place", (row) => row.prefix?.place ?? null],
];

function isEmpty({ dropped, repairs, warnings }: RecordedRequest["changes"]): boolean {
  return dropped.length + repairs.length + warnings.length === 0;
}

/** Writes requests into a record with plain SQL, whoever else writes it. */
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
  const insert = database.prepare<unknown, (string | number | null)[]>(
    `insert into requests (${columns.map(([name]) => name).join()}) values (${columns.map(() => "?").join()})`,
  );
  const insertBody = database.prepare<unknown, (string | number | Uint8Array | null)[]>(
    "insert into bodies values (?, ?, ?, ?, ?, ?, ?)",
  );
  const add = (request: RecordedRequest, bodies: readonly RecordedBody[] = []): number => {
    const { lastInsertRowid } = insert.run(...columns.map(([, read]) => read(request)));
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
