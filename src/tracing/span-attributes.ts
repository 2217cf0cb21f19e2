import type { Attributes } from "@opentelemetry/api";
import { findProviderName } from "../profiles/provider-names.ts";
import { costOf } from "../record/cost-of.ts";
import type { TracedSend } from "../record/request-trace.ts";
import type { EndedExchange } from "../relay/exchange.ts";

/** The conventions' name of what we do. */
export const operation = "chat";

/** Where an upstream is. */
export interface UpstreamPlace {
  readonly host: string;
  readonly port: number;
}

/**
 * What a request's span tells, by the names of OpenTelemetry's conventions for generative AI: facts and counts, nothing
 * that was said.
 */
export function describeRequest({ record, trace }: EndedExchange): Attributes {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, stopReason, firstByteMs } = record;
  const prompt = inputTokens === null ? null : inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
  const isStream = record.stream === true;
  return withoutNulls({
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": nameProvider(trace.family, record.upstream ?? trace.upstream),
    "gen_ai.request.model": record.clientModel,
    "gen_ai.request.stream": record.stream,
    "gen_ai.response.model": record.upstreamModel,
    "gen_ai.response.finish_reasons": stopReason === null ? null : [stopReason],
    "gen_ai.response.time_to_first_chunk": isStream && firstByteMs !== null ? firstByteMs / 1000 : null,
    "gen_ai.conversation.id": record.sessionId,
    "gen_ai.agent.id": trace.agentId,
    "gen_ai.agent.name": trace.agentType,
    // The conventions count what came from a cache and went into it among the input.
    "gen_ai.usage.input_tokens": prompt,
    "gen_ai.usage.output_tokens": record.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": cacheReadTokens,
    "gen_ai.usage.cache_creation.input_tokens": cacheWriteTokens,
    "gen_ai.usage.reasoning.output_tokens": record.thinkingTokens,
    "http.request.method": record.method,
    "url.path": record.path,
    "http.response.status_code": record.status,
    "error.type": record.errorType,
    "claude_proxy.request_id": record.requestId,
    "claude_proxy.client": record.client ?? null,
    "claude_proxy.kind": trace.kind,
    "claude_proxy.rule": trace.rule,
    "claude_proxy.cost_usd": costOf(record, trace.price)?.usd ?? null,
  });
}

/** What the span of one send to an upstream tells. */
export function describeSend(
  send: TracedSend,
  family: string | null,
  place: UpstreamPlace | null,
): Attributes {
  const { upstream, model, key, status } = send;
  return withoutNulls({
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": nameProvider(family, upstream),
    "gen_ai.request.model": model,
    "server.address": place?.host ?? null,
    "server.port": place?.port ?? null,
    "http.response.status_code": status,
    "error.type": findSendError(send),
    "claude_proxy.upstream": upstream,
    "claude_proxy.key_number": key,
  });
}

/** The kind of a send's failure; null if there was none. */
export function findSendError({ status, error }: TracedSend): string | null {
  if (status !== null && status >= 400) return String(status);
  return error === null ? null : "no_answer";
}

function nameProvider(family: string | null, upstream: string | null): string | null {
  if (family === null || family === "generic") return upstream;
  return findProviderName(family);
}

function withoutNulls(attributes: Record<string, Attributes[string] | null>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, Attributes[string]] => entry[1] !== null),
  );
}
