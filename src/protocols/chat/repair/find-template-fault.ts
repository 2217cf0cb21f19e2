import type { ChatRequest } from "../chat-request.ts";
import type { ChatRepair } from "./repair.ts";

/** A refusal of a conversation that the model's chat template cannot express, recognised by its words. */
interface TemplateFault {
  words: RegExp;
  /** Whether the request contains the cause, if the words alone do not decide. */
  isIn?: (sent: ChatRequest) => boolean;
  repair: ChatRepair;
}

const templateFaults: readonly TemplateFault[] = [
  // The first is from Mistral's API, the second from templates that llama.cpp and others run.
  {
    words: /unexpected role 'user' after role 'tool'/,
    repair: { kind: "assistant-between-tool-and-user", scope: "model" },
  },
  {
    words: /\broles must alternate\b/,
    isIn: ({ messages }) =>
      messages.some(({ role }, index) => role === "user" && messages[index - 1]?.role === "tool"),
    repair: { kind: "assistant-between-tool-and-user", scope: "model" },
  },
  {
    words: /\btool[ _]call[ _]ids?\b[^\n]{0,120}\blength (?:of )?9\b/,
    repair: { kind: "short-tool-ids", scope: "model" },
  },
  {
    words: /\bonly supports? (?:single|one) tool[ _-]?calls?\b/,
    repair: { kind: "one-call-a-message", scope: "model" },
  },
  {
    words: /\bsystem role (?:is )?not supported\b|\bsystem messages? (?:is|are) not supported\b/,
    repair: { kind: "system-into-user", scope: "model" },
  },
  {
    words: /should be non-empty for object type/,
    repair: { kind: "omit-empty-parameters", scope: "model" },
  },
];

/** The repair for what a chat template cannot express, or null. `text` is in lower case. */
export function findTemplateFault(text: string, sent: ChatRequest): ChatRepair | null {
  const fault = templateFaults.find(
    ({ words, isIn }) => words.test(text) && (isIn === undefined || isIn(sent)),
  );
  return fault?.repair ?? null;
}
