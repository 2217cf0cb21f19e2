import type { Message } from "../../../../src/anthropic/message.ts";
import type { Understood } from "../../../support/oracles.ts";
import type { Answer, AnswerCall } from "./answer.ts";
import type { Manner } from "./manner.ts";
import { writtenInput } from "./tell-answer.ts";

/** What a client must have understood of an answer, but for the ids of its calls. */
export interface ExpectedContent {
  thinking: string;
  text: string;
  calls: { name: string; input: unknown }[];
}

/** Names that models get wrong, and what they mean. */
const meant: Readonly<Record<string, string>> = { bash: "Bash", "functions.Read": "Read" };

/** What arrives of a plain answer: all that it says, but for what rules 3.5 and 4.3 drop. */
export function expectContent(answer: Answer, manner: Manner, isThinkingShown: boolean): ExpectedContent {
  const calls = manner.callsAs === "function_call" ? answer.calls.slice(0, 1) : answer.calls;
  const text = answer.text + answer.refusal;
  const isNeedless = text.trim() === "" && calls.length > 0;
  return {
    thinking: isThinkingShown ? answer.reasoning : "",
    text: isNeedless ? "" : text,
    calls: calls.map((call) => expectCall(call, manner)),
  };
}

function expectCall(call: AnswerCall, manner: Manner): ExpectedContent["calls"][number] {
  const name = meant[call.name] ?? call.name;
  // Through JSON, which knows no -0.
  const input = name === "Unknown" ? writtenInput(call, manner) : call.input;
  const { limit, pages, ...rest } = JSON.parse(JSON.stringify(input));
  const isLimitKept = limit !== undefined && (limit !== null || name === "Unknown");
  const arePagesKept = pages !== undefined && (pages !== "" || name !== "Read");
  return { name, input: { ...rest, ...(isLimitKept && { limit }), ...(arePagesKept && { pages }) } };
}

/** What our own fold says, in the form of the oracles. */
export function understandMessage(message: Message | null): Understood {
  const understood: Understood = { thinking: "", text: "", calls: [] };
  for (const block of message?.content ?? []) {
    if (block.type === "thinking") understood.thinking += block.thinking;
    if (block.type === "text") understood.text += block.text;
    if (block.type === "tool_use") {
      const { id, name, input } = block;
      // Through JSON: long numbers are there as they are written.
      understood.calls.push({ id, name, input: JSON.parse(JSON.stringify(input)) });
    }
  }
  return understood;
}
