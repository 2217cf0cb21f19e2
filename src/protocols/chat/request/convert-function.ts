import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { CleanFunction } from "../../../translate/tools/clean-functions.ts";
import type { ChatTool } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";

/** Converts a function to a chat tool (rule 1.3). */
export function convertFunction(
  { name, description, parameters, isStrict, cacheControl }: CleanFunction,
  dialect: Pick<ChatMessageDialect, "cacheMarks">,
): ChatTool {
  const definition: ChatTool["function"] =
    description === undefined ? { name, parameters } : { name, description, parameters };
  if (isStrict) definition.strict = true;
  return {
    type: "function",
    function: definition,
    ...(dialect.cacheMarks === "keep" && convertCacheMark(cacheControl, dialect)),
  };
}
