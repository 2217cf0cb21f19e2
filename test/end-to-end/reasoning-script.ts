import { chunk, toolCallChunk, usageChunk } from "../support/chunks.ts";
import { type Reply, sse, status } from "../support/reply.ts";
import { isObject, type Json, objectsOf } from "../support/strict/json.ts";
import type { Model } from "../support/strict-upstream.ts";

/** How a family sends its reasoning, and how the assistant message must look when it comes back. */
export interface ReasoningForm {
  /** The deltas before an answer's own. `step` numbers the answers of the conversation. */
  deltas(step: number): object[];
  /** Added to the first piece of a call. */
  besideCall(step: number): object;
  /** Added to a delta of text. */
  besideText(step: number): object;
  /** The members of the assistant message, and of its call, in which it comes back. */
  members: readonly string[];
  callMembers: readonly string[];
  expected(step: number, isCall: boolean): { message: object; call: object };
}

export interface ReasoningScript {
  model: Model;
  /** For every request: what came back in each assistant message. */
  seen: object[][];
  /** The same as it had to be. */
  due: object[][];
}

/** What the model calls in each of its turns before it says its last word. */
const command = "echo counted";
/** Answers with a call and with a word in turns: two for each prompt. */
const answersPerPrompt = 2;

/** A model that thinks before every answer, and writes down what comes back of it. */
export function createReasoningScript(form: ReasoningForm): ReasoningScript {
  const seen: object[][] = [];
  const due: object[][] = [];
  const model: Model = (chatRequest) => {
    if (!("tools" in chatRequest)) return { text: "none" };
    const said = objectsOf(chatRequest["messages"]).filter(({ role }) => role === "assistant");
    seen.push(said.map((message) => pickReasoning(message, form)));
    due.push(said.map((_, step) => form.expected(step, isCallOf(step))));
    if (said.length >= 3 * answersPerPrompt) return status(400, { error: { message: "the script is over" } });
    return answer(said.length, form);
  };
  return { model, seen, due };
}

function isCallOf(step: number): boolean {
  return step % answersPerPrompt === 0;
}

function pickReasoning(message: Json, form: ReasoningForm): { message: object; call: object } {
  const [call] = objectsOf(message["tool_calls"]);
  return { message: pick(message, form.members), call: pick(call, form.callMembers) };
}

function pick(value: unknown, members: readonly string[]): object {
  const given = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(given.filter(([name]) => members.includes(name)));
}

function answer(step: number, form: ReasoningForm): Reply {
  const opening = form.deltas(step).map((delta) => chunk(delta));
  if (!isCallOf(step)) {
    const text = chunk({ content: `Word ${step}.`, ...form.besideText(step) });
    return sse([...opening, text, chunk({}, "stop"), usageChunk()]);
  }
  // The same id in every answer, as many servers number them.
  const head = { index: 0, id: "call_0", type: "function", ...form.besideCall(step) };
  const call = chunk({ tool_calls: [{ ...head, function: { name: "Bash", arguments: "" } }] });
  const input = JSON.stringify({ command, description: "Count" });
  return sse([
    ...opening,
    call,
    toolCallChunk(0, { arguments: input }),
    chunk({}, "tool_calls"),
    usageChunk(),
  ]);
}
