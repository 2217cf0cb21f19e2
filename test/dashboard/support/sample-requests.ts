import type { ListedRequest } from "../../../src/record/record-reader.ts";

/** Texts that would do something if the page took them for more than texts. */
export const hostileTexts = {
  html: "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>",
  bidi: "invoice\u202efdp.exe",
  escapes: "\u001b[31mred\u001b[0m\u0007",
} as const;

const minuteMs = 60_000;

/** Numbers from 0 to 1 that are the same at each call with the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** A request that was answered without anything special. */
export function createRequest(changes: Partial<ListedRequest> & { seq: number }): ListedRequest {
  return {
    requestId: `req_${String(changes.seq).padStart(6, "0")}`,
    timeMs: Date.parse("2026-11-30T03:00:00Z"),
    path: "/v1/messages",
    client: "laptop",
    sessionId: "5e550000-0000-4000-8000-000000000001",
    agentId: null,
    parentAgentId: null,
    agentType: null,
    kind: "main",
    clientModel: "claude-opus-4-6",
    rule: "routes.opus",
    upstream: "zai",
    model: "glm-4.6",
    family: "zai",
    protocol: "chat",
    stream: true,
    status: 200,
    stopReason: "tool_use",
    inputTokens: 1200,
    outputTokens: 340,
    cacheReadTokens: 54_000,
    cacheWriteTokens: 0,
    thinkingTokens: 120,
    usageEstimated: false,
    estimatedTokens: 55_900,
    estimateErrorPercent: 1.3,
    window: 200_000,
    requestBytes: 240_000,
    sentBytes: 215_000,
    receivedBytes: 9400,
    answerBytes: 11_200,
    firstByteMs: 820,
    durationMs: 6400,
    tokensPerSecond: 61,
    costUsd: 0.0123,
    costSource: "price",
    sends: 1,
    attempts: [{ upstream: "zai", model: "glm-4.6", key: null, status: 200, error: null, ms: 810 }],
    changes: { dropped: [], repairs: [], warnings: [] },
    errorType: null,
    errorMessage: null,
    phase: null,
    causeCode: null,
    upstreamRequestId: "up-1234",
    prefix: { sameBytes: 214_000, previousBytes: 214_000, place: null },
    hasBodies: false,
    ...changes,
  };
}

/** The parts in which requests of different kinds differ, one after the other. */
const variants: readonly ((random: () => number) => Partial<ListedRequest>)[] = [
  () => ({}),
  (random) => ({
    agentId: `agent-${Math.floor(random() * 3)}`,
    parentAgentId: null,
    agentType: "Explore",
    clientModel: "claude-haiku-4-5",
    rule: "cases[2]",
    model: "deepseek-v4-flash",
    upstream: "deepseek",
    costUsd: 0.0004,
  }),
  (random) => ({
    agentId: `agent-${Math.floor(random() * 3)}-inner`,
    parentAgentId: `agent-${Math.floor(random() * 3)}`,
    agentType: "code-reviewer",
  }),
  () => ({ kind: "title", costUsd: null, costSource: null, cacheReadTokens: null, cacheWriteTokens: null }),
  () => ({
    client: "web-team",
    model: "gpt-5.2-codex",
    upstream: "openrouter",
    protocol: "responses",
    costUsd: 0.41,
  }),
];

function createFailure(): Partial<ListedRequest> {
  return {
    status: 529,
    stopReason: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    thinkingTokens: null,
    costUsd: null,
    costSource: null,
    firstByteMs: null,
    tokensPerSecond: null,
    sends: 3,
    attempts: [
      { upstream: "zai", model: "glm-4.6", key: 1, status: 429, error: null, ms: 210 },
      { upstream: "zai", model: "glm-4.6", key: 2, status: null, error: "timed out", ms: 30_000 },
      { upstream: "deepseek", model: "deepseek-v4-pro", key: null, status: 503, error: null, ms: 450 },
    ],
    errorType: "overloaded_error",
    errorMessage: "deepseek answered 503: the model is overloaded, try again later.",
    phase: "http",
    hasBodies: true,
    prefix: { sameBytes: 18_400, previousBytes: 214_000, place: "tools[3]" },
    changes: {
      dropped: ["metadata", "context_management"],
      repairs: ["max_tokens lowered to 65536"],
      warnings: ["an image was left out: the model reads text only"],
    },
  };
}

/** Invented requests, oldest first, one every minute up to the given time. */
export function createRequests(count: number, endMs: number): ListedRequest[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    const session = Math.floor(index / 200);
    const variant = variants[Math.floor(random() ** 2 * variants.length)] ?? variants[0];
    const changes: Partial<ListedRequest> = {
      timeMs: endMs - (count - seq) * minuteMs,
      sessionId: `5e55${String(session).padStart(4, "0")}-0000-4000-8000-000000000001`,
      firstByteMs: 300 + Math.round(random() * 3000),
      durationMs: 2000 + Math.round(random() * 40_000),
      inputTokens: Math.round(random() * 4000),
      outputTokens: Math.round(random() * 3000),
      ...variant?.(random),
      ...(seq % 23 === 0 ? createFailure() : {}),
      ...(seq % 41 === 0 ? { clientModel: hostileTexts.html, model: hostileTexts.bidi } : {}),
      ...(seq % 59 === 0 ? { errorType: "api_error", errorMessage: hostileTexts.escapes, status: 500 } : {}),
    };
    return createRequest({ ...changes, seq, hasBodies: true });
  });
}
