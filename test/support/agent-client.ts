import { createMessageAccumulator } from "../../src/anthropic/accumulate-message.ts";
import type { StreamEvent } from "../../src/anthropic/stream-event.ts";
import { findGrammarFaults, parseWireEvents } from "./grammar.ts";
import { type Json, objectOf, objectsOf } from "./strict/json.ts";

/** A client that holds one conversation, as Claude Code does. */
export interface AgentClient {
  /** Asks with this content of the user and these members of the request; keeps both sides. */
  say(content: unknown, more?: Json): Promise<void>;
  /** The same with the results of the last answer's calls, in its order unless they are swapped. */
  tell(results: readonly Json[], how?: { isSwapped?: boolean; more?: Json; said?: Json[] }): Promise<void>;
  /** Asks besides the conversation; gives the message. */
  ask(body: Json): Promise<Json>;
  /** The stop reasons so far. */
  stopReasons: unknown[];
  /** Refusals, and what was wrong with the bytes of streams; empty when all went well. */
  faults: string[];
}

/** Creates a client that adds `usual` to all its requests. */
export function createAgentClient(post: (body: Json) => Promise<Response>, usual: Json): AgentClient {
  const messages: Json[] = [];
  const faults: string[] = [];
  const stopReasons: unknown[] = [];
  const ask = async (body: Json): Promise<Json> => {
    const request = { ...usual, ...body };
    const response = await post(request);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const isStream = response.status === 200 && request["stream"] === true;
    if (response.status !== 200) faults.push(`${response.status}: ${text}`);
    if (isStream) faults.push(...findGrammarFaults(bytes));
    const message = isStream ? accumulate(bytes) : JSON.parse(text);
    stopReasons.push(message["stop_reason"]);
    return message;
  };
  const say: AgentClient["say"] = async (content, { system_message: system, ...more } = {}) => {
    messages.push({ role: "user", content });
    // Claude Code puts reminders into the conversation.
    if (system !== undefined) messages.push({ role: "system", content: system });
    const message = await ask({ ...more, messages });
    messages.push({ role: "assistant", content: message["content"] });
  };
  return {
    ask,
    say,
    tell: (results, { isSwapped = false, more = {}, said = [] } = {}) => {
      const last = objectsOf(objectOf(messages.at(-1))["content"]);
      const calls = last.filter(({ type }) => type === "tool_use");
      const blocks = results.map((result, index) => ({
        type: "tool_result",
        tool_use_id: calls[index]?.["id"],
        ...result,
      }));
      return say([...(isSwapped ? blocks.reverse() : blocks), ...said], more);
    },
    stopReasons,
    faults,
  };
}

/** The message that the bytes of a stream add up to; their grammar is checked elsewhere. */
function accumulate(bytes: Uint8Array): Json {
  const accumulator = createMessageAccumulator();
  const events: StreamEvent[] = JSON.parse(JSON.stringify(parseWireEvents(bytes).map(({ data }) => data)));
  accumulator.add(events);
  return JSON.parse(JSON.stringify(accumulator.message ?? {}));
}
