import type { Answer, AnswerToolCall } from "./chunks.ts";
import { status } from "./reply.ts";
import { type Json, objectOf, objectsOf } from "./strict/json.ts";
import type { Model } from "./strict-upstream.ts";

/** One turn of the scripted model: what it says, and what it must have heard before. */
export interface AgentStep {
  text?: string;
  reasoning?: string;
  calls?: readonly { name: string; arguments: Json }[];
  /** One for every call of the step before: the tool message must contain this text. */
  heard?: readonly string[];
}

export interface AgentScript {
  model: Model;
  /** What the history held that this model never said or should have heard; empty when all went well. */
  surprises: string[];
}

export interface AgentScriptOptions {
  steps: readonly AgentStep[];
  /**
   * `restarting` numbers the calls of every answer from 0, as many servers do: the same ids come back in every
   * turn. `unique` never repeats one.
   */
  ids: "restarting" | "unique";
  /** Requests without tools are side requests (titles, topics): what they are answered. */
  sideAnswer: Answer;
}

/**
 * A model that leads an agent through a task. Which step comes next is read from the conversation alone: the
 * assistant messages in it must be exactly the ones it said, in order and once, with the results it expects.
 */
export function createAgentScript({ steps, ids, sideAnswer }: AgentScriptOptions): AgentScript {
  const surprises: string[] = [];
  const model: Model = (chatRequest) => {
    if (!("tools" in chatRequest)) return sideAnswer;
    const messages = objectsOf(chatRequest["messages"]);
    const said = messages.filter((message, index) => isSaid(message, messages[index - 1]));
    const found = said.flatMap((message, index) => findDeviations(message, steps[index], index));
    const next = steps[said.length];
    if (next === undefined)
      found.push(`the conversation has ${said.length} answers, the script ${steps.length}`);
    found.push(...findUnheard(messages, next));
    surprises.push(...found);
    if (found.length > 0 || next === undefined) {
      return status(400, { error: { message: `unexpected history: ${found.join("; ")}` } });
    }
    return answerOf(next, said.length, ids);
  };
  return { model, surprises };
}

/** True for an assistant message, but for the filler that some upstreams need between a result and the user. */
function isSaid(message: Json, before: Json | undefined): boolean {
  const isFiller = message["content"] === "OK." && before?.["role"] === "tool";
  return message["role"] === "assistant" && !isFiller;
}

function answerOf(step: AgentStep, turn: number, ids: AgentScriptOptions["ids"]): Answer {
  const toolCalls = (step.calls ?? []).map(
    (call, index): AnswerToolCall => ({
      ...call,
      id: ids === "unique" ? `call_${turn}_${index}` : `call_${index}`,
    }),
  );
  const { text, reasoning } = step;
  return {
    ...(text === undefined ? {} : { text }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
}

/** How an assistant message of the history differs from what the step said. A client may add arguments. */
function findDeviations(message: Json, step: AgentStep | undefined, index: number): string[] {
  if (step === undefined) return [];
  const deviations: string[] = [];
  // Some servers take an empty string where others take null.
  if ((message["content"] ?? "") !== (step.text ?? "")) {
    deviations.push(`answer ${index} had the text ${JSON.stringify(message["content"])}`);
  }
  const calls = objectsOf(message["tool_calls"]).map((call) => objectOf(call["function"]));
  const expected = step.calls ?? [];
  if (calls.length !== expected.length) deviations.push(`answer ${index} had ${calls.length} calls`);
  expected.forEach((call, place) => {
    const { name, arguments: text } = calls[place] ?? {};
    const given = objectOf(typeof text === "string" ? JSON.parse(text) : undefined);
    const isSame = Object.entries(call.arguments).every(([key, value]) => Bun.deepEquals(given[key], value));
    if (name !== call.name || !isSame)
      deviations.push(`answer ${index} had the call ${String(name)} ${String(text)}`);
  });
  return deviations;
}

/** What the results at the end of the conversation should say and do not. */
function findUnheard(messages: readonly Json[], step: AgentStep | undefined): string[] {
  const heard = step?.heard ?? [];
  const lastAnswer = messages.findLastIndex((message, index) => isSaid(message, messages[index - 1]));
  const results = messages.slice(lastAnswer + 1).filter((message) => message["role"] === "tool");
  if (heard.length === 0) return [];
  if (results.length !== heard.length) return [`${results.length} results instead of ${heard.length}`];
  return heard.flatMap((text, index) => {
    const content = JSON.stringify(results[index]?.["content"]);
    return content.includes(text) ? [] : [`result ${index} says ${content}, not ${text}`];
  });
}
