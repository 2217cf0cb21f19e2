import type { ChatRequest } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { ErrorFacts } from "../response/error-facts.ts";
import { isForcedChoice } from "./forced-choice.ts";
import type { Repair } from "./repair.ts";

/** Words that say that a field is not known. */
const unknownField =
  /unsupported|not support|unknown|unrecogni[sz]ed|unexpected|extra[_ ](?:forbidden|inputs|field)|not permitted|not allowed/;

/** Words that may also speak of its value: enough to leave an optional field out. */
const refusedValue =
  /invalid|is allowed|cannot|can't|incompatible|mandatory|must be|must not|not available|deprecated/;

/** Without these there is no request; the limit has a second name, the format and the choice other forms. */
const essential = ["model", "messages", "tools", "stream", "response_format"];

/** Optional members of messages that not every server takes. */
const messageFields = ["reasoning", "reasoning_content", "prefix", "extra_content"];

/**
 * Rule R0: the optional field of `sent` that an error names as not supported, or null. Names are compared
 * without case and underscores: xAI says `reasoningEffort`. Fields that the client itself asked to have passed
 * on stay.
 */
export function findUnsupportedField(facts: ErrorFacts, sent: ChatRequest, profile: Profile): Repair | null {
  const said = [facts.text.toLowerCase(), ...facts.names].join(" ");
  const isUnknown = unknownField.test(said);
  if (!isUnknown && !refusedValue.test(said)) return null;
  const candidates = new Map(optionalFields(sent, profile).map((field) => [plainName(field), field]));
  for (const name of [...identifiers(facts.field ?? ""), ...identifiers(facts.text)]) {
    const field = candidates.get(name);
    if (field === undefined) continue;
    if (field !== "max_tokens" && field !== "max_completion_tokens") return repairOf(field, sent);
    if (isUnknown) return { kind: "rename-output-limit", field: otherLimit[field], scope: "model" };
  }
  return null;
}

const otherLimit = {
  max_tokens: "max_completion_tokens",
  max_completion_tokens: "max_tokens",
} as const;

function repairOf(field: string, sent: ChatRequest): Repair {
  if (field === "tool_choice" && isForcedChoice(sent.tool_choice)) {
    return { kind: "free-tool-choice", as: "auto", scope: "model" };
  }
  return { kind: "omit-field", field, scope: "model" };
}

function optionalFields(sent: ChatRequest, profile: Profile): string[] {
  const top = Object.keys(sent).filter(
    (key) => !essential.includes(key) && !profile.passedKeys.includes(key) && sent[key] !== undefined,
  );
  const inMessages = messageFields.filter((field) => sent.messages.some((message) => field in message));
  const tools = sent.tools ?? [];
  const hasStrict = tools.some((tool) => tool.type === "function" && tool.function.strict !== undefined);
  const hasMarks =
    tools.some((tool) => "cache_control" in tool) ||
    sent.messages.some(
      ({ content }) => Array.isArray(content) && content.some((part) => "cache_control" in part),
    );
  return [...top, ...inMessages, ...(hasStrict ? ["strict"] : []), ...(hasMarks ? ["cache_control"] : [])];
}

function identifiers(text: string): string[] {
  return (text.match(/[A-Za-z_]\w*/g) ?? []).map(plainName);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
