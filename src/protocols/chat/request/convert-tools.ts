import type { Profile } from "../../../profiles/profile.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import { cleanSchema } from "../../../translate/tools/clean-schema.ts";
import { isStrictSchema } from "../../../translate/tools/is-strict-schema.ts";
import type { AskedTools } from "../../../translate/tools/read-tools.ts";
import type { RequestedTool } from "../../../translate/tools/requested-tool.ts";
import { createReferenceBudget } from "../../../translate/tools/schema-references.ts";
import type { ChatTool } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";

/** A function, and the tool from which it was made. */
export interface ConvertedTool {
  chatTool: ChatTool;
  requested: RequestedTool;
}

/** The functions of a request (rule 1.3). */
export function convertTools(
  { functions, toolNames }: Pick<AskedTools, "functions" | "toolNames">,
  { traits, chat }: Profile,
  notes: RequestNotes,
): ConvertedTool[] {
  const sendsStrict =
    chat.tools.strict === "when-valid" ||
    (chat.tools.strict === "all-or-none" &&
      functions.every((tool) => tool.isStrict && isStrictSchema(tool.inputSchema)));
  const references = createReferenceBudget();
  return functions.map((tool) => {
    const parameters = cleanSchema(tool.inputSchema, traits.tools.schemaCleaning, references);
    const isStrict = tool.isStrict && sendsStrict && isStrictSchema(parameters);
    if (tool.isStrict && !isStrict) notes.dropped.add("tools.strict");
    const name = toolNames(tool.name);
    const definition: ChatTool["function"] =
      tool.description === undefined
        ? { name, parameters }
        : { name, description: tool.description, parameters };
    if (isStrict) definition.strict = true;
    const chatTool: ChatTool = { type: "function", function: definition };
    if (chat.messages.cacheMarks === "keep")
      Object.assign(chatTool, convertCacheMark(tool.cacheControl, chat.messages));
    return { chatTool, requested: { name: tool.name, inputSchema: tool.inputSchema } };
  });
}
