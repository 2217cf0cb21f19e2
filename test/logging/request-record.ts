import type { RequestRecord } from "../../src/logging/request-record.ts";

/** A whole record; tests change what they are about. */
export function createRecord(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    requestId: "req_011CSHoEeqs5C35K2UUqR7Fy",
    time: new Date(2026, 10, 24, 9, 5, 7),
    method: "POST",
    path: "/v1/messages",
    clientModel: "claude-sonnet-4-5",
    upstreamModel: "openai/gpt-5.2",
    stream: true,
    status: 200,
    stopReason: "end_turn",
    inputTokens: 12345,
    outputTokens: 512,
    cacheReadTokens: 8000,
    cacheWriteTokens: null,
    thinkingTokens: null,
    usageEstimated: false,
    durationMs: 4123,
    firstByteMs: 300,
    tokensPerSecond: 124.6,
    upstreamRequestId: null,
    attempts: 1,
    dropped: [],
    repairs: [],
    warnings: [],
    errorType: null,
    errorMessage: null,
    phase: null,
    causeCode: null,
    events: null,
    sessionId: null,
    costUsd: null,
    estimateErrorPercent: null,
    ...changes,
  };
}
