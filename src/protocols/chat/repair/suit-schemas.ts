import { isJsonObject } from "../../../json/json-value.ts";
import { mapChanged } from "../../../translate/refusals/change-request.ts";
import { type SchemaRules, schemaCleanings } from "../../../translate/refusals/clean-schemas.ts";
import type { ChatRequest } from "../chat-request.ts";

/**
 * The chat request with simpler schemas of its tools, and of its output if a grammar is made of that, too; else the
 * same object.
 */
export function suitSchemas(sent: ChatRequest, rules: SchemaRules): ChatRequest {
  const clean = schemaCleanings[rules];
  const tools =
    sent.tools &&
    mapChanged(sent.tools, (tool) => {
      if (tool.type !== "function" || tool.function.parameters === undefined) return tool;
      const parameters = clean(tool.function.parameters);
      return parameters === tool.function.parameters
        ? tool
        : { ...tool, function: { ...tool.function, parameters } };
    });
  const { json_schema: definition } = sent.response_format ?? {};
  const schema = rules === "grammar" && isJsonObject(definition) ? definition["schema"] : undefined;
  const cleaned = isJsonObject(schema) ? clean(schema) : schema;
  if (isJsonObject(definition) && cleaned !== schema) {
    const response_format = { ...sent.response_format, json_schema: { ...definition, schema: cleaned } };
    return { ...sent, response_format, ...(tools && { tools }) };
  }
  return tools === sent.tools ? sent : { ...sent, ...(tools && { tools }) };
}

/** The places of `strict`: at the output's schema, or at that of a tool. */
export const strictOutput = "response_format";

/**
 * The chat request in which one schema is no longer strict: that of the output, or of the tool with this name; else the
 * same object.
 */
export function omitStrict(sent: ChatRequest, of: string): ChatRequest {
  if (of === strictOutput) {
    const { json_schema: definition } = sent.response_format ?? {};
    if (!isJsonObject(definition) || definition["strict"] === undefined) return sent;
    const { strict: _, ...json_schema } = definition;
    return { ...sent, response_format: { ...sent.response_format, json_schema } };
  }
  const { tools } = sent;
  if (tools === undefined || !listStrictTools(sent).includes(of)) return sent;
  const loosened = tools.map((tool) => {
    if (tool.type !== "function" || tool.function.name !== of) return tool;
    const { strict: _, ...definition } = tool.function;
    return { ...tool, function: definition };
  });
  return { ...sent, tools: loosened };
}

/** The names of the tools whose schemas are strict. */
export function listStrictTools(sent: ChatRequest): string[] {
  const names: string[] = [];
  for (const tool of sent.tools ?? []) {
    if (tool.type === "function" && tool.function.strict !== undefined) names.push(tool.function.name);
  }
  return names;
}
