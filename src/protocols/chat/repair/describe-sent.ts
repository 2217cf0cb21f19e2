import { isJsonObject } from "../../../json/json-value.ts";
import type { ChatRequestDialect } from "../../../profiles/chat-dialect.ts";
import { isForcedChoice } from "../../../translate/refusals/forced-choice.ts";
import type { SentParts } from "../../../translate/refusals/sent-parts.ts";
import type { ChatRequest } from "../chat-request.ts";
import { listInnerFields } from "./list-traits.ts";
import { hasImage } from "./omit-images.ts";
import { listStrictTools, strictOutput } from "./suit-schemas.ts";
import { asksForThinking, findThinkingLevel } from "./thinking-fields.ts";

/** A request needs these; the limit has a second name, the format and the choice have other forms. */
const essential = ["model", "messages", "tools", "stream", "response_format"];

/** What a refused chat request holds. Fields that the client itself set for the upstream stay. */
export function describeSent(
  sent: ChatRequest,
  { passedKeys }: Pick<ChatRequestDialect, "passedKeys">,
): SentParts {
  const { json_schema: definition } = sent.response_format ?? {};
  const fields = Object.entries(sent).filter(
    ([key, value]) => !essential.includes(key) && !passedKeys.includes(key) && value !== undefined,
  );
  const inner = listInnerFields(sent).map((field): [string, unknown] => [field, sent[field]]);
  return {
    optionalFields: new Map([...fields, ...inner]),
    outputLimit: sent.max_completion_tokens ?? sent.max_tokens,
    asksForThinking: asksForThinking(sent),
    thinkingLevel: findThinkingLevel(sent),
    isChoiceForced: isForcedChoice(sent.tool_choice),
    hasImages: sent.messages.some(hasImage),
    hasTools: sent.tools !== undefined,
    strictTools: listStrictTools(sent),
    outputFormat: sent.response_format?.["type"],
    strictOutput: isJsonObject(definition) && definition["strict"] === true ? strictOutput : null,
  };
}
