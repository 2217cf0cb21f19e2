import type { ResponsesRequestDialect } from "../../../profiles/responses-dialect.ts";
import { isForcedChoice } from "../../../translate/refusals/forced-choice.ts";
import type { SentParts } from "../../../translate/refusals/sent-parts.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import { addInnerFields } from "./list-traits.ts";
import { hasImage } from "./omit-images.ts";
import { listStrictTools, outputFormatOf, strictOutput } from "./suit-schemas.ts";
import { asksForThinking } from "./thinking.ts";

/** A request needs these; the members of the last can be left out. */
const essential = ["model", "input", "tools", "stream", "text"];

/** Objects of which an upstream may refuse one member only. The format of the output has other forms instead. */
const owners = ["reasoning", "text"] as const;
const essentialMembers = ["text.format"];

/** What a refused responses request holds. Fields that the client itself set for the upstream stay. */
export function describeSent(
  sent: ResponsesRequest,
  { passedKeys }: Pick<ResponsesRequestDialect, "passedKeys">,
): SentParts {
  const fields = new Map<string, unknown>();
  for (const [key, value] of Object.entries(sent)) {
    if (!essential.includes(key) && !passedKeys.includes(key) && value !== undefined) fields.set(key, value);
  }
  for (const owner of owners) {
    if (passedKeys.includes(owner)) continue;
    for (const [key, value] of Object.entries(sent[owner] ?? {})) {
      const member = `${owner}.${key}`;
      if (!essentialMembers.includes(member) && value !== undefined) fields.set(member, value);
    }
  }
  const inner = new Set<string>();
  addInnerFields(inner, sent);
  for (const field of inner) fields.set(field, undefined);
  const format = outputFormatOf(sent);
  return {
    optionalFields: fields,
    outputLimit: sent.max_output_tokens,
    asksForThinking: asksForThinking(sent),
    thinkingLevel: sent.reasoning?.effort ?? null,
    isChoiceForced: isForcedChoice(sent.tool_choice),
    hasImages: sent.input.some(hasImage),
    hasTools: sent.tools !== undefined,
    strictTools: listStrictTools(sent),
    outputFormat: format?.["type"],
    strictOutput: format?.["strict"] === true ? strictOutput : null,
  };
}
