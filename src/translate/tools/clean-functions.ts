import type { JsonObject } from "../../json/json-value.ts";
import type { ToolTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { cleanSchema } from "./clean-schema.ts";
import { isStrictSchema } from "./is-strict-schema.ts";
import type { AskedTools } from "./read-tools.ts";
import type { RequestedTool } from "./requested-tool.ts";
import { createReferenceBudget } from "./schema-references.ts";
import type { FunctionTool } from "./select-tools.ts";

/** When a tool that the client calls strict is sent as one. */
export type StrictForm = "when-valid" | "all-or-none" | "never";

/** A function as the upstream accepts it, not yet in the form of any wire. */
export interface CleanFunction {
  /** The name on the upstream's wire. */
  name: string;
  description: string | undefined;
  parameters: JsonObject;
  isStrict: boolean;
  cacheControl: FunctionTool["cacheControl"];
  /** The tool from which it was made. */
  requested: RequestedTool;
}

/** The functions of a request, their names and schemas adapted to the upstream (rules 1.3, 1.3.1). */
export function cleanFunctions(
  { functions, toolNames }: Pick<AskedTools, "functions" | "toolNames">,
  { schemaCleaning }: Pick<ToolTraits, "schemaCleaning">,
  strict: StrictForm,
  notes: RequestNotes,
): CleanFunction[] {
  const sendsStrict =
    strict === "when-valid" ||
    (strict === "all-or-none" &&
      functions.every((tool) => tool.isStrict && isStrictSchema(tool.inputSchema)));
  const references = createReferenceBudget();
  return functions.map((tool) => {
    const parameters = cleanSchema(tool.inputSchema, schemaCleaning, references);
    const isStrict = tool.isStrict && sendsStrict && isStrictSchema(parameters);
    if (tool.isStrict && !isStrict) notes.dropped.add("tools.strict");
    return {
      name: toolNames(tool.name),
      description: tool.description,
      parameters,
      isStrict,
      cacheControl: tool.cacheControl,
      requested: { name: tool.name, inputSchema: tool.inputSchema },
    };
  });
}
