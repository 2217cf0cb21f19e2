import { createToolIds } from "../../../translate/tools/tool-ids.ts";
import type { AssistantMessage, ChatMessage, ChatRequest, TextPart } from "../chat-request.ts";

/**
 * Changes to a conversation that a model's chat template requires. Each returns the same request if nothing changes.
 */

/** Puts an assistant's `OK.` between a tool message and a user message. */
export function separateToolAndUser(sent: ChatRequest): ChatRequest {
  const messages = sent.messages.flatMap((message, index, all): ChatMessage[] =>
    message.role === "user" && all[index - 1]?.role === "tool"
      ? [{ role: "assistant", content: "OK." }, message]
      : [message],
  );
  return messages.length === sent.messages.length ? sent : { ...sent, messages };
}

const nineCharacters = /^[A-Za-z0-9]{9}$/;

/** Gives every call an id of nine letters and digits (rule 2.4.9); ids that already have this form stay. */
export function shortenToolIds(sent: ChatRequest): ChatRequest {
  const create = createToolIds("strict9");
  let isChanged = false;
  const shorten = (id: string): string => {
    if (nineCharacters.test(id)) return id;
    isChanged = true;
    return create(id, "");
  };
  const messages = sent.messages.map((message): ChatMessage => {
    if (message.role === "tool") return { ...message, tool_call_id: shorten(message.tool_call_id) };
    if (message.role !== "assistant" || message.tool_calls === undefined) return message;
    return { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, id: shorten(call.id) })) };
  });
  return isChanged ? { ...sent, messages } : sent;
}

/** Writes parallel calls as if they had been made one after the other, each with its result. */
export function separateCalls(sent: ChatRequest): ChatRequest {
  const messages: ChatMessage[] = [];
  for (let index = 0; index < sent.messages.length; ) {
    const message = sent.messages[index];
    if (message === undefined) break;
    index += 1;
    if (message.role !== "assistant" || (message.tool_calls?.length ?? 0) < 2) {
      messages.push(message);
      continue;
    }
    let next = index;
    while (sent.messages[next]?.role === "tool") next += 1;
    const results = new Set(sent.messages.slice(index, next));
    index = next;
    for (const one of splitCalls(message)) {
      messages.push(one);
      for (const result of results) {
        if (result.role !== "tool" || result.tool_call_id !== one.tool_calls?.[0]?.id) continue;
        messages.push(result);
        results.delete(result);
      }
    }
    messages.push(...results);
  }
  return messages.length === sent.messages.length ? sent : { ...sent, messages };
}

/** The text and the reasoning stay with the first call. */
function splitCalls(message: AssistantMessage): AssistantMessage[] {
  const content = message.content === null ? null : "";
  return (message.tool_calls ?? []).map((call, index) =>
    index === 0 ? { ...message, tool_calls: [call] } : { role: "assistant", content, tool_calls: [call] },
  );
}

/** Moves the system prompt to the beginning of the user's first message. */
export function foldSystemIntoUser(sent: ChatRequest): ChatRequest {
  const [system, user, ...rest] = sent.messages;
  if (system?.role !== "system") return sent;
  if (user?.role !== "user") {
    return { ...sent, messages: [{ ...system, role: "user" }, ...sent.messages.slice(1)] };
  }
  const content =
    typeof system.content === "string" && typeof user.content === "string"
      ? `${system.content}\n\n${user.content}`
      : [...asParts(system.content), ...asParts(user.content)];
  return { ...sent, messages: [{ ...user, content }, ...rest] };
}

function asParts<Part>(content: string | Part[]): (Part | TextPart)[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
