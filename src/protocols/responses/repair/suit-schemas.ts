import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { describeOutputSchema } from "../../../translate/conversation/read-output-format.ts";
import { mapChanged } from "../../../translate/refusals/change-request.ts";
import { type SchemaRules, schemaCleanings } from "../../../translate/refusals/clean-schemas.ts";
import { withDemand } from "../request/with-demand.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import { omitField } from "./omit-field.ts";

/** The place of `strict` at the output's schema; at a tool it is the tool's name. */
export const strictOutput = "text.format";

/** The form required of the output. */
export function outputFormatOf({ text }: ResponsesRequest): JsonObject | undefined {
  const format: unknown = text?.format;
  return isJsonObject(format) ? format : undefined;
}

/**
 * The request with simpler schemas of its tools, and of its output if a grammar is made of that, too; else the same
 * object.
 */
export function suitSchemas(sent: ResponsesRequest, rules: SchemaRules): ResponsesRequest {
  const clean = schemaCleanings[rules];
  const tools =
    sent.tools &&
    mapChanged(sent.tools, (tool) => {
      if (tool.type !== "function") return tool;
      const parameters = clean(tool.parameters);
      return parameters === tool.parameters ? tool : { ...tool, parameters };
    });
  const suited = tools === sent.tools ? sent : { ...sent, ...(tools && { tools }) };
  const format = outputFormatOf(sent);
  const schema = rules === "grammar" ? format?.["schema"] : undefined;
  const cleaned = isJsonObject(schema) ? clean(schema) : schema;
  return cleaned === schema ? suited : withFormat(suited, { ...format, schema: cleaned });
}

/**
 * The request in which one schema is no longer strict: that of the output, or of the tool with this name; else the same
 * object. The member stays, because a tool is strict without it.
 */
export function omitStrict(sent: ResponsesRequest, of: string): ResponsesRequest {
  if (of === strictOutput) {
    const format = outputFormatOf(sent);
    return format?.["strict"] === true ? withFormat(sent, { ...format, strict: false }) : sent;
  }
  if (sent.tools === undefined || !listStrictTools(sent).includes(of)) return sent;
  const tools = sent.tools.map((tool) =>
    tool.type === "function" && tool.name === of ? { ...tool, strict: false } : tool,
  );
  return { ...sent, tools };
}

/** The names of the tools whose schemas are strict. */
export function listStrictTools(sent: ResponsesRequest): string[] {
  const names: string[] = [];
  for (const tool of sent.tools ?? []) {
    if (tool.type === "function" && tool.strict === true) names.push(tool.name);
  }
  return names;
}

/** Rule 21: the schema moves into the user's last message, and only JSON is required, or nothing. */
export function loosenFormat(sent: ResponsesRequest, to: "json_object" | "prompt"): ResponsesRequest {
  const format = outputFormatOf(sent);
  if (format === undefined || (to === "json_object" && format["type"] === to)) return sent;
  const schema = format["schema"];
  const loosened = isJsonObject(schema)
    ? { ...sent, input: withDemand(sent.input, describeOutputSchema(schema)) }
    : sent;
  return withFormat(loosened, to === "json_object" ? { type: to } : null);
}

function withFormat(sent: ResponsesRequest, format: JsonObject | null): ResponsesRequest {
  if (format === null) return omitField(sent, "text.format");
  return { ...sent, text: { ...sent.text, format } };
}
