import { randomUUID } from "node:crypto";
import type { RecordedRequest } from "../../../src/record/recorded-request.ts";

/** Models, their upstreams, and what a million tokens cost in dollars: prompt, cached, answer. Null is unknown. */
const models = [
  ["anthropic/claude-sonnet-4.5", "openrouter", [3, 0.3, 15]],
  ["z-ai/glm-4.7", "openrouter", [0.6, 0.11, 2.2]],
  ["moonshotai/kimi-k2-thinking", "openrouter", [0.6, 0.15, 2.5]],
  ["deepseek-v4-pro", "deepseek", [0.28, 0.028, 0.42]],
  ["gpt-5.2-codex", "openai", [1.75, 0.175, 14]],
  ["qwen3-coder:30b", "local", null],
] as const;

const clients = ["work", "home", "ci", null] as const;
const agents = ["Explore", "general-purpose", "code-reviewer"] as const;

const failures = [
  [429, "rate_limit_error", "The upstream refused: too many requests. It says to wait for 12 s."],
  [529, "overloaded_error", "The upstream is overloaded. Claude Code tries again by itself."],
  [
    400,
    "invalid_request_error",
    "This model's maximum context length is 131072 tokens; you asked for 140221.",
  ],
] as const;

const changes = {
  dropped: ["thinking.budget_tokens", "context_management"],
  repairs: ["closed an open call of a tool"],
  warnings: ["cache_control is not sent to this upstream"],
};
const noChanges = { dropped: [], repairs: [], warnings: [] };

/** A request of a coding agent with every column that such a request has; one in thirty fails, one in fifty is sent twice. */
export function writeRequestOf(of: {
  timeMs: number;
  sessionId: string;
  random: () => number;
}): RecordedRequest {
  const { timeMs, sessionId, random } = of;
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("There is nothing to pick from.");
    return item;
  };
  const upTo = (most: number) => Math.floor(random() * most);
  const [model, upstream, price] = pick(models);
  const failure = random() < 1 / 30 ? pick(failures) : null;
  const isRetried = random() < 1 / 50;
  const isCount = random() < 1 / 20;
  const agent = random() < 0.3 ? pick(agents) : null;
  const [input, cached, output] = [upTo(9_000), upTo(120_000), upTo(2_500) + 1];
  const isAnswered = failure === null && !isCount;
  const [firstByteMs, durationMs] = [300 + random() * 3_000, 3_500 + random() * 40_000];
  const attempt = { upstream, model, key: null, status: failure?.[0] ?? 200, error: null, ms: upTo(900) };
  return {
    requestId: `req_${randomUUID().replaceAll("-", "").slice(0, 24)}`,
    timeMs,
    path: isCount ? "/v1/messages/count_tokens" : "/v1/messages",
    client: pick(clients),
    sessionId,
    agentId: agent === null ? null : `${agent}-${upTo(3)}`,
    parentAgentId: null,
    agentType: agent,
    kind: agent === null ? "main" : "subagent",
    clientModel: "claude-sonnet-4-5-20250929",
    rule: "routes.sonnet",
    upstream,
    model,
    family: upstream,
    protocol: "chat",
    stream: !isCount,
    status: failure?.[0] ?? 200,
    stopReason: isAnswered ? pick(["tool_use", "end_turn"]) : null,
    inputTokens: isAnswered ? input : null,
    outputTokens: isAnswered ? output : null,
    cacheReadTokens: isAnswered ? cached : null,
    cacheWriteTokens: isAnswered ? 0 : null,
    thinkingTokens: isAnswered ? upTo(400) : null,
    usageEstimated: random() < 0.02,
    estimatedTokens: input + cached + upTo(2_000),
    estimateErrorPercent: isAnswered ? (random() - 0.5) * 6 : null,
    window: 200_000,
    requestBytes: 4 * (input + cached),
    sentBytes: 4 * (input + cached) - upTo(5_000),
    receivedBytes: isAnswered ? output * 160 : 220,
    answerBytes: isAnswered ? output * 130 : 260,
    firstByteMs: isCount ? null : firstByteMs,
    durationMs: isCount ? random() * 20 : durationMs,
    tokensPerSecond: isAnswered ? (output * 1000) / durationMs : null,
    costUsd:
      isAnswered && price !== null
        ? (input * price[0] + cached * price[1] + output * price[2]) / 1_000_000
        : null,
    costSource: isAnswered && price !== null ? (upstream === "openrouter" ? "upstream" : "price") : null,
    sends: isCount ? 0 : isRetried ? 2 : 1,
    attempts: isCount ? [] : isRetried ? [{ ...attempt, status: 503 }, attempt] : [attempt],
    changes: random() < 1 / 8 ? changes : noChanges,
    errorType: failure?.[1] ?? null,
    errorMessage: failure?.[2] ?? null,
    phase: failure === null ? null : "upstream",
    causeCode: null,
    upstreamRequestId: isCount ? null : `gen-${Math.floor(timeMs / 1000)}-${randomUUID().slice(0, 20)}`,
    prefix: isAnswered ? { sameBytes: 4 * cached, previousBytes: 4 * cached, place: null } : null,
  };
}
