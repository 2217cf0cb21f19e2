import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/**
 * The schema for the answer, from `output_config.format` or the older `output_format`; null if the client asks for no
 * JSON (rule 1.1).
 */
export function readOutputFormat(
  request: Pick<ConversationRequest, "output_config" | "output_format">,
): JsonObject | null {
  const format = request.output_config?.format ?? request.output_format;
  const schema = format?.["type"] === "json_schema" ? format["schema"] : undefined;
  return isJsonObject(schema) ? schema : null;
}

/** The schema as an instruction, for upstreams that cannot enforce one. */
export function describeOutputSchema(schema: JsonObject): string {
  return `Answer with one JSON object that fits this JSON schema, and with nothing else:\n${JSON.stringify(schema)}`;
}
