import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { Attempt } from "../../logging/request-record.ts";
import type { ListedRequest } from "../record-reader.ts";
import type { PrefixBreak, RecordedChanges, RecordedRequest } from "../recorded-request.ts";
import type { SqlDialect } from "./record-database.ts";

/** The columns from which `readListed` reads a request. */
export function buildListedColumns({ bodyTable }: SqlDialect): string {
  return `requests.*, exists (select 1 from ${bodyTable} as bodies where bodies.seq = requests.seq) as has_bodies`;
}

/** A request from its row. */
export function readListed(row: JsonObject): ListedRequest {
  return {
    ...readRequest(row),
    seq: readCount(row, "seq"),
    hasBodies: row["has_bodies"] === 1 || row["has_bodies"] === true,
  };
}

function readRequest(row: JsonObject): RecordedRequest {
  const cost = readNumber(row, "cost_picousd");
  const source = readText(row, "cost_source");
  const stream = readNumber(row, "stream");
  return {
    requestId: readText(row, "id") ?? "",
    timeMs: readCount(row, "time"),
    path: readText(row, "path") ?? "",
    client: readText(row, "client"),
    sessionId: readText(row, "session"),
    agentId: readText(row, "agent"),
    parentAgentId: readText(row, "parent_agent"),
    agentType: readText(row, "agent_type"),
    kind: readText(row, "kind"),
    clientModel: readText(row, "asked_model"),
    rule: readText(row, "rule"),
    upstream: readText(row, "upstream"),
    model: readText(row, "model"),
    family: readText(row, "family"),
    protocol: readText(row, "protocol"),
    stream: stream === null ? null : stream === 1,
    status: readCount(row, "status"),
    stopReason: readText(row, "stop_reason"),
    inputTokens: readNumber(row, "input_tokens"),
    outputTokens: readNumber(row, "output_tokens"),
    cacheReadTokens: readNumber(row, "cache_read_tokens"),
    cacheWriteTokens: readNumber(row, "cache_write_tokens"),
    thinkingTokens: readNumber(row, "thinking_tokens"),
    usageEstimated: row["usage_estimated"] === 1,
    estimatedTokens: readNumber(row, "estimated_tokens"),
    estimateErrorPercent: readNumber(row, "estimate_error"),
    window: readNumber(row, "window"),
    requestBytes: readNumber(row, "request_bytes"),
    sentBytes: readNumber(row, "sent_bytes"),
    receivedBytes: readCount(row, "received_bytes"),
    answerBytes: readCount(row, "answer_bytes"),
    firstByteMs: readNumber(row, "first_byte_ms"),
    durationMs: readCount(row, "duration_ms"),
    tokensPerSecond: readNumber(row, "tokens_per_second"),
    costUsd: cost === null ? null : cost / 1e12,
    costSource: source === "upstream" || source === "price" ? source : null,
    sends: readCount(row, "sends"),
    attempts: readAttempts(row),
    changes: readChanges(readText(row, "changes")),
    errorType: readText(row, "error_type"),
    errorMessage: readText(row, "error_message"),
    phase: readText(row, "phase"),
    causeCode: readText(row, "cause_code"),
    upstreamRequestId: readText(row, "upstream_request_id"),
    prefix: readPrefix(row),
  };
}

/** The text of a column; null for anything else. */
export function readText(row: JsonObject, column: string): string | null {
  const value = row[column];
  return typeof value === "string" ? value : null;
}

/** The number of a column; null for anything else. */
export function readNumber(row: JsonObject, column: string): number | null {
  const value = row[column];
  return typeof value === "number" ? value : null;
}

/** The number of a column that has one, or of a sum of nothing. */
export function readCount(row: JsonObject, column: string): number {
  return readNumber(row, column) ?? 0;
}

function readAttempts(row: JsonObject): readonly Attempt[] {
  const text = readText(row, "attempts");
  const list = text === null ? null : parseJson(text);
  if (!Array.isArray(list)) return [];
  return list.filter(isJsonObject).map((entry) => ({
    upstream: readText(entry, "upstream") ?? readText(row, "upstream") ?? "",
    model: readText(entry, "model") ?? readText(row, "model") ?? "",
    key: readNumber(entry, "key"),
    status: readNumber(entry, "status"),
    error: readText(entry, "error"),
    ms: readCount(entry, "ms"),
  }));
}

function readChanges(text: string | null): RecordedChanges {
  const changes = text === null ? null : parseJson(text);
  const read = (name: string): readonly string[] => {
    const list = isJsonObject(changes) ? changes[name] : null;
    return Array.isArray(list) ? list.filter((entry: unknown) => typeof entry === "string") : [];
  };
  return { dropped: read("dropped"), repairs: read("repairs"), warnings: read("warnings") };
}

function readPrefix(row: JsonObject): PrefixBreak | null {
  const sameBytes = readNumber(row, "prefix_same");
  const previousBytes = readNumber(row, "prefix_previous");
  if (sameBytes === null || previousBytes === null) return null;
  return { sameBytes, previousBytes, place: readText(row, "prefix_place") };
}
