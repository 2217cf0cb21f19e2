import type { JsonObject } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { describeOutputSchema } from "../../../translate/conversation/read-output-format.ts";
import { nameOutputSchema } from "../../../translate/tools/name-output-schema.ts";
import type { ChatRequest } from "../chat-request.ts";

/** The form in which an output schema is sent. */
export interface MappedOutputFormat {
  fields: Partial<ChatRequest>;
  /** A text for the end of the system prompt, or null. */
  instruction: string | null;
}

/** Maps the schema for the answer, null for none (rule 1.1). */
export function mapOutputFormat(
  schema: JsonObject | null,
  hasTools: boolean,
  { traits, chat }: Profile,
): MappedOutputFormat {
  if (schema === null) return { fields: {}, instruction: null };
  const instruction = describeOutputSchema(schema);
  const { structuredOutput } = chat.request;
  const form =
    structuredOutput === "json_schema-without-tools"
      ? hasTools
        ? "prompt"
        : "json_schema"
      : structuredOutput;
  switch (form) {
    case "json_schema": {
      const json_schema = nameOutputSchema(schema, traits.tools);
      return { fields: { response_format: { type: "json_schema", json_schema } }, instruction: null };
    }
    case "json_object":
      return { fields: { response_format: { type: "json_object" } }, instruction };
    case "prompt":
      return { fields: {}, instruction };
  }
}
