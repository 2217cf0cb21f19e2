import type { RequestRecord } from "../logging/request-record.ts";
import { costOf, wasAtWork } from "../record/cost-of.ts";
import type { RequestTrace } from "../record/request-trace.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { classifySend, ModelCounts } from "./model-counts.ts";

/** Requests of one kind, and of one client. */
export interface RequestCounts {
  readonly kind: string;
  /** Null where clients have no names, or none was recognised. */
  readonly client: string | null;
  /** By the first digit of the status. */
  readonly byClass: Float64Array;
}

/** What was counted since the start. */
export interface Metrics extends ExchangeObserver {
  readonly requests: () => Iterable<RequestCounts>;
  readonly errors: ReadonlyMap<string, number>;
  readonly models: () => Iterable<ModelCounts>;
}

/** Models beyond these are counted together: clients can invent names. */
const mostModels = 100;
/** The same for clients, whose names come and go with configurations. */
const mostClients = 100;
const other = "other";

/** Creates counters at zero. Counting builds no text, as it is done for every request, whether anybody asks or not. */
export function createMetrics(): Metrics {
  const requests = new Map<string, Map<string | null, RequestCounts>>();
  const errors = new Map<string, number>();
  const models = new Map<string, Map<string, ModelCounts>>();
  const clients = new Set<string>();
  const rest = new ModelCounts(other, other);
  let modelCount = 0;

  const findModel = (upstream: string, model: string): ModelCounts => {
    const ofUpstream = models.get(upstream);
    const known = ofUpstream?.get(model);
    if (known !== undefined) return known;
    if (modelCount >= mostModels) return rest;
    modelCount += 1;
    const counts = new ModelCounts(upstream, model);
    if (ofUpstream === undefined) models.set(upstream, new Map([[model, counts]]));
    else ofUpstream.set(model, counts);
    return counts;
  };
  const findRequests = (kind: string, client: string | null): RequestCounts => {
    const known = requests.get(kind)?.get(client);
    if (known !== undefined) return known;
    const isNew = client !== null && client !== other && !clients.has(client);
    if (isNew && clients.size >= mostClients) return findRequests(kind, other);
    if (isNew) clients.add(client);
    const counts = { kind, client, byClass: new Float64Array(10) };
    const ofKind = requests.get(kind) ?? new Map<string | null, RequestCounts>();
    requests.set(kind, ofKind.set(client, counts));
    return counts;
  };

  return {
    requests: () => [...requests.values()].flatMap((ofKind) => [...ofKind.values()]),
    errors,
    models: () => {
      const all = [...models.values()].flatMap((ofUpstream) => [...ofUpstream.values()]);
      return modelCount < mostModels ? all : [...all, rest];
    },
    end({ record, trace }) {
      const { byClass } = findRequests(kindOf(record, trace), record.client ?? null);
      const digit = Math.min(9, Math.floor(record.status / 100));
      byClass[digit] = (byClass[digit] ?? 0) + 1;
      const { errorType, upstreamModel } = record;
      if (errorType !== null) errors.set(errorType, (errors.get(errorType) ?? 0) + 1);
      for (const { upstream, model, status } of trace.sends)
        findModel(upstream, model).sends[classifySend(status)] += 1;
      if (upstreamModel === null || !record.path.endsWith("/messages")) return;
      countAnswer(findModel(record.upstream ?? trace.upstream ?? "", upstreamModel), record, trace);
    },
  };
}

/** The client's purpose; `other` for what is neither a messages request nor a count. */
function kindOf({ path }: RequestRecord, { kind }: RequestTrace): string {
  if (kind !== null) return kind;
  if (path.endsWith("/messages")) return "unknown";
  return path.endsWith("/messages/count_tokens") ? "count" : other;
}

function countAnswer(counts: ModelCounts, record: RequestRecord, { price }: RequestTrace): void {
  const { tokens } = counts;
  const { inputTokens, outputTokens, firstByteMs, tokensPerSecond } = record;
  tokens.input += inputTokens ?? 0;
  tokens.output += outputTokens ?? 0;
  tokens.cache_read += record.cacheReadTokens ?? 0;
  tokens.cache_write += record.cacheWriteTokens ?? 0;
  tokens.thinking += record.thinkingTokens ?? 0;
  counts.durationSeconds.add(record.durationMs / 1000);
  if (record.errorType === null && firstByteMs !== null) counts.firstByteSeconds.add(firstByteMs / 1000);
  if (tokensPerSecond !== null) counts.tokensPerSecond.add(tokensPerSecond);
  const cost = costOf(record, price);
  if (cost !== null) counts.costUsd += Math.max(0, cost.usd);
  else if (wasAtWork(record)) counts.unknownCosts += 1;
}
