import { readAnswer } from "../../test/faults/answer.ts";
import { chunk, chunksOf, completionOf, stopChunk } from "../../test/support/chunks.ts";
import { hangUp, json, type Reply, silence, sse, status } from "../../test/support/reply.ts";
import type { Json } from "../../test/support/strict/json.ts";

/** What the upstream does with one request, and what the client must be told. */
export interface Scenario {
  name: string;
  /** How often it is played, in parts of the sum of all shares. */
  share: number;
  /** `body` is what came upstream. */
  reply: (text: string, body: Json) => Reply;
  /** Members of the request beside the usual ones. */
  request?: () => Json;
  isStream: boolean;
  /** Milliseconds after which the client goes away; null stays. */
  leavesAfterMs: number | null;
  /** How the answer must end: a stop reason, or the type of an error. */
  end: string;
}

const calls = [{ id: "call_1", name: "Read", arguments: { path: "/a" } }];
const stay = { isStream: true, leavesAfterMs: null };

/** Its text is its own. */
const longAnswer = "answer of 3 MB";

/** Nothing of it is a text. */
const hostile = { metadata: { reasons: [{ toString: 1 }] }, detail: [{ loc: [{ toString: 1 }] }] };

/** Nine of ten go well. */
export const scenarios: readonly Scenario[] = [
  {
    ...stay,
    name: "stream",
    share: 40,
    reply: (text) => sse(chunksOf({ text }), { paceMs: 5 }),
    end: "end_turn",
  },
  { ...stay, name: "quick stream", share: 20, reply: (text) => sse(chunksOf({ text })), end: "end_turn" },
  {
    ...stay,
    name: "whole answer",
    share: 15,
    isStream: false,
    reply: (text) => json(completionOf({ text }), { headDelayMs: 20 }),
    end: "end_turn",
  },
  { ...stay, name: "calls", share: 15, reply: () => sse(chunksOf({ toolCalls: calls })), end: "tool_use" },
  {
    ...stay,
    name: "broken stream",
    share: 2,
    reply: () => sse([chunk({ content: "a" })], { done: false, end: "reset", paceMs: 20 }),
    end: "api_error",
  },
  {
    ...stay,
    name: "early end",
    share: 1,
    reply: () => sse([chunk({ content: "a" })], { done: false }),
    end: "api_error",
  },
  {
    ...stay,
    name: "no JSON",
    share: 1,
    reply: () => sse([chunk({ content: "a" }), "data: {\n\n"]),
    end: "api_error",
  },
  { ...stay, name: "no answer", share: 1, reply: () => hangUp("reset"), end: "api_error" },
  {
    ...stay,
    name: "503",
    share: 1,
    reply: () => status(503, { error: { message: "no" } }),
    end: "api_error",
  },
  {
    ...stay,
    name: "429",
    share: 1,
    reply: () => status(429, { error: { message: "no" } }),
    end: "rate_limit_error",
  },
  {
    ...stay,
    name: "client leaves a stream",
    share: 2,
    reply: () => sse([chunk({ content: "a" }), stopChunk], { paceMs: 400 }),
    leavesAfterMs: 150,
    end: "left",
  },
  { ...stay, name: "client leaves silence", share: 1, reply: silence, leavesAfterMs: 100, end: "left" },
  // What broke it once: each took a place for ever, stopped everybody, filled the memory or spoilt the next request.
  {
    ...stay,
    name: "late error without texts",
    share: 1,
    reply: () => sse([chunk({ content: "a" }), { error: { ...hostile, code: 403, message: "no" } }]),
    end: "permission_error",
  },
  {
    ...stay,
    name: "usage beyond all numbers",
    share: 1,
    reply: (text) => sse(chunksOf({ text, usage: { prompt_tokens: 1e308, completion_tokens: 1 } })),
    end: "end_turn",
  },
  {
    ...stay,
    name: "wait of many durations",
    share: 1,
    reply: () => status(429, { error: { message: "no" } }, { "retry-after": `${"1ms".repeat(40)}!` }),
    end: "rate_limit_error",
  },
  {
    ...stay,
    name: "field of JWT beginnings",
    share: 1,
    request: () => ({ ["eyJ-".repeat(20_000)]: 1 }),
    reply: (text) => sse(chunksOf({ text })),
    end: "end_turn",
  },
  {
    ...stay,
    name: "request of 1 MB",
    share: 0.5,
    request: () => ({ system: "The quick brown fox\n".repeat(50_000) }),
    reply: (text) => sse(chunksOf({ text })),
    end: "end_turn",
  },
  {
    ...stay,
    name: "value out of range",
    share: 1,
    request: () => ({ temperature: 5 }),
    reply: (text, { temperature }) =>
      temperature === 5
        ? status(400, { error: { message: "temperature must be between 0 and 2" } })
        : sse(chunksOf({ text })),
    end: "end_turn",
  },
  {
    ...stay,
    name: longAnswer,
    share: 0.2,
    reply: () =>
      sse([...Array.from({ length: 48 }, () => chunk({ content: "word ".repeat(13_000) })), stopChunk]),
    end: "end_turn",
  },
];

/** Plays one scenario against the proxy at `url`; null when all was as it must be, else what was not. */
export async function play(scenario: Scenario, url: string, text: string): Promise<string | null> {
  const leave = new AbortController();
  const timer =
    scenario.leavesAfterMs === null ? null : setTimeout(() => leave.abort(), scenario.leavesAfterMs);
  try {
    const content = `${scenario.name}|${text}`;
    const response = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "claude-sonnet-5-5",
        max_tokens: 100,
        stream: scenario.isStream,
        messages: [{ role: "user", content }],
        ...scenario.request?.(),
      }),
      signal: leave.signal,
      keepalive: false,
    });
    const { outcome, faults } = await readAnswer(response);
    if (faults.length > 0) return `${scenario.name}: ${faults.join(", ")}`;
    if (outcome.end !== scenario.end) return `${scenario.name}: ${outcome.end} ${outcome.message ?? ""}`;
    const isOwn = outcome.end !== "end_turn" || outcome.text === text || scenario.name === longAnswer;
    return isOwn ? null : `${scenario.name}: said ${outcome.text} instead of ${text}`;
  } catch (error) {
    return scenario.end === "left" ? null : `${scenario.name}: ${String(error)}`;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
