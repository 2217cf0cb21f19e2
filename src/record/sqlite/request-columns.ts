import type { RecordedRequest } from "../recorded-request.ts";

export type ColumnValue = string | number | null;

/** Takes keys out of a text, and bounds it to so many characters. */
export type CleanText = (text: string, longest: number) => string;

/** Longest texts, in characters. */
const longestText = 300;
const longestMessage = 2_000;
/** Most entries of a list. */
const mostEntries = 50;

const picodollars = 1e12;

type Column = (request: RecordedRequest, clean: CleanText) => ColumnValue;

const text =
  (read: (request: RecordedRequest) => string | null, longest = longestText): Column =>
  (request, clean) => {
    const value = read(request);
    return value === null ? null : clean(value, longest);
  };

const whole =
  (read: (request: RecordedRequest) => number | null): Column =>
  (request) => {
    const value = read(request);
    return value === null ? null : Math.round(value);
  };

const flag =
  (read: (request: RecordedRequest) => boolean | null): Column =>
  (request) => {
    const value = read(request);
    return value === null ? null : Number(value);
  };

/** Milliseconds. Beyond a second their fractions say nothing, and would take a hundredth of the file. */
const milliseconds =
  (read: (request: RecordedRequest) => number | null): Column =>
  (request) => {
    const value = read(request);
    return value === null || value < 1000 ? value : Math.round(value);
  };

/** What stands in each column of a request, in the order of the table. */
const columns: Readonly<Record<string, Column>> = {
  id: text((request) => request.requestId),
  time: whole((request) => request.timeMs),
  path: text((request) => request.path),
  client: text((request) => request.client),
  session: text((request) => request.sessionId),
  agent: text((request) => request.agentId),
  parent_agent: text((request) => request.parentAgentId),
  agent_type: text((request) => request.agentType),
  kind: text((request) => request.kind),
  asked_model: text((request) => request.clientModel),
  rule: text((request) => request.rule),
  upstream: text((request) => request.upstream),
  model: text((request) => request.model),
  family: text((request) => request.family),
  protocol: text((request) => request.protocol),
  stream: flag((request) => request.stream),
  status: whole((request) => request.status),
  stop_reason: text((request) => request.stopReason),
  input_tokens: whole((request) => request.inputTokens),
  output_tokens: whole((request) => request.outputTokens),
  cache_read_tokens: whole((request) => request.cacheReadTokens),
  cache_write_tokens: whole((request) => request.cacheWriteTokens),
  thinking_tokens: whole((request) => request.thinkingTokens),
  usage_estimated: flag((request) => request.usageEstimated),
  estimated_tokens: whole((request) => request.estimatedTokens),
  estimate_error: (request) => request.estimateErrorPercent,
  window: whole((request) => request.window),
  request_bytes: whole((request) => request.requestBytes),
  sent_bytes: whole((request) => request.sentBytes),
  received_bytes: whole((request) => request.receivedBytes),
  answer_bytes: whole((request) => request.answerBytes),
  first_byte_ms: milliseconds((request) => request.firstByteMs),
  duration_ms: milliseconds((request) => request.durationMs),
  tokens_per_second: (request) => request.tokensPerSecond,
  cost_picousd: whole(({ costUsd }) => (costUsd === null ? null : costUsd * picodollars)),
  cost_source: text((request) => request.costSource),
  sends: whole((request) => request.sends),
  attempts: (request, clean) => {
    const { attempts } = request;
    if (attempts.length === 0) return null;
    // A fifth of the file would else be what the columns beside it say too.
    const entries = attempts.slice(-mostEntries).map(({ upstream, model, key, status, error, ms }) => ({
      upstream: upstream === request.upstream ? undefined : clean(upstream, longestText),
      model: model === request.model ? undefined : clean(model, longestText),
      key: key ?? undefined,
      status: status ?? undefined,
      error: error === null ? undefined : clean(error, longestText),
      ms,
    }));
    return JSON.stringify(entries);
  },
  changes: ({ changes: { dropped, repairs, warnings } }, clean) => {
    if (dropped.length + repairs.length + warnings.length === 0) return null;
    const list = (entries: readonly string[]) =>
      entries.length === 0
        ? undefined
        : entries.slice(0, mostEntries).map((entry) => clean(entry, longestText));
    return JSON.stringify({ dropped: list(dropped), repairs: list(repairs), warnings: list(warnings) });
  },
  error_type: text((request) => request.errorType),
  error_message: text((request) => request.errorMessage, longestMessage),
  phase: text((request) => request.phase),
  cause_code: text((request) => request.causeCode),
  upstream_request_id: text((request) => request.upstreamRequestId),
  prefix_same: whole(({ prefix }) => prefix?.sameBytes ?? null),
  prefix_previous: whole(({ prefix }) => prefix?.previousBytes ?? null),
  prefix_place: text(({ prefix }) => prefix?.place ?? null),
};

/** The names of the columns, in the order in which `listValues` gives their values. */
export const requestColumns: readonly string[] = Object.keys(columns);
const readers = Object.values(columns);

/** Inserts a request whose values `listValues` has listed. */
export const insertRequest = `insert into requests (${requestColumns.join(", ")}) values (${requestColumns.map(() => "?").join(", ")})`;

/** The values of a request's columns, with no key in them. Cost is in whole picodollars; what is unknown is null. */
export function listValues(request: RecordedRequest, clean: CleanText): ColumnValue[] {
  return readers.map((read) => read(request, clean));
}
