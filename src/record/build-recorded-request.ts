import type { Attempt, RequestRecord } from "../logging/request-record.ts";
import { costOf } from "./cost-of.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { RequestTrace, TracedSend } from "./request-trace.ts";

/** What the record keeps of a request that has ended. */
export function buildRecordedRequest(record: RequestRecord, trace: RequestTrace): RecordedRequest {
  const cost = costOf(record, trace.price);
  const { dropped, repairs, warnings } = record;
  return {
    requestId: record.requestId,
    timeMs: record.time.getTime(),
    path: record.path,
    client: record.client ?? null,
    sessionId: record.sessionId,
    agentId: trace.agentId,
    parentAgentId: trace.parentAgentId,
    agentType: trace.agentType,
    kind: trace.kind,
    clientModel: record.clientModel,
    rule: trace.rule,
    upstream: record.upstream ?? trace.upstream,
    model: record.upstreamModel,
    family: trace.family,
    protocol: record.protocol,
    stream: record.stream,
    status: record.status,
    stopReason: record.stopReason,
    inputTokens: record.inputTokens,
    outputTokens: record.outputTokens,
    cacheReadTokens: record.cacheReadTokens,
    cacheWriteTokens: record.cacheWriteTokens,
    thinkingTokens: record.thinkingTokens,
    usageEstimated: record.usageEstimated,
    estimatedTokens: trace.estimatedTokens,
    estimateErrorPercent: record.estimateErrorPercent,
    window: trace.window,
    requestBytes: trace.requestBytes,
    sentBytes: trace.sentBytes,
    receivedBytes: trace.receivedBytes,
    answerBytes: trace.answerBytes,
    firstByteMs: record.firstByteMs,
    durationMs: record.durationMs,
    tokensPerSecond: record.tokensPerSecond,
    costUsd: cost?.usd ?? null,
    costSource: cost?.source ?? null,
    sends: record.attempts,
    // With a configuration file it also has the places that were left out without a send.
    attempts: record.tried.length > 0 ? record.tried : trace.sends.map(attemptOf),
    changes: { dropped, repairs, warnings },
    errorType: record.errorType,
    errorMessage: record.errorMessage,
    phase: record.phase,
    causeCode: record.causeCode,
    upstreamRequestId: record.upstreamRequestId,
    prefix: null,
  };
}

function attemptOf({ upstream, model, key, status, error, ms }: TracedSend): Attempt {
  return { upstream, model, key, status, error, ms: Math.round(ms ?? 0) };
}
