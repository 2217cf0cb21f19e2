import { readAnswer } from "../../test/faults/answer.ts";
import { chunk, chunksOf, completionOf, stopChunk } from "../../test/support/chunks.ts";
import { hangUp, json, type Reply, silence, sse, status } from "../../test/support/reply.ts";

/** What the upstream does with one request, and what the client must be told. */
export interface Scenario {
  name: string;
  /** How often it is played, in parts of 100. */
  share: number;
  reply: (text: string) => Reply;
  isStream: boolean;
  /** Milliseconds after which the client goes away; null stays. */
  leavesAfterMs: number | null;
  /** How the answer must end: a stop reason, or the type of an error. */
  end: string;
}

const calls = [{ id: "call_1", name: "Read", arguments: { path: "/a" } }];
const stay = { isStream: true, leavesAfterMs: null };

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
      }),
      signal: leave.signal,
      keepalive: false,
    });
    const { outcome, faults } = await readAnswer(response);
    if (faults.length > 0) return `${scenario.name}: ${faults.join(", ")}`;
    if (outcome.end !== scenario.end) return `${scenario.name}: ${outcome.end} ${outcome.message ?? ""}`;
    const isOwn = outcome.end !== "end_turn" || outcome.text === text;
    return isOwn ? null : `${scenario.name}: said ${outcome.text} instead of ${text}`;
  } catch (error) {
    return scenario.end === "left" ? null : `${scenario.name}: ${String(error)}`;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
