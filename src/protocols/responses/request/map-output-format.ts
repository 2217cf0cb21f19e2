import type { JsonObject } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { describeOutputSchema } from "../../../translate/conversation/read-output-format.ts";
import { nameOutputSchema } from "../../../translate/tools/name-output-schema.ts";
import type { ResponsesRequest } from "../responses-request.ts";

/** The form in which an output schema is sent. */
export interface MappedOutputFormat {
  fields: Pick<ResponsesRequest, "text">;
  /** A text for the end of the instructions, or null. */
  instruction: string | null;
  /** A text for the user's last message, or null. */
  demand: string | null;
}

/** Maps the schema for the answer, null for none (rule 21). */
export function mapOutputFormat(
  schema: JsonObject | null,
  { traits, responses }: Pick<Profile, "traits" | "responses">,
): MappedOutputFormat {
  if (schema === null) return { fields: {}, instruction: null, demand: null };
  switch (responses.request.structuredOutput) {
    case "json_schema": {
      const format = { type: "json_schema", ...nameOutputSchema(schema, traits.tools) };
      return { fields: { text: { format } }, instruction: null, demand: null };
    }
    case "json_object": {
      // The server looks for the word "json" in the input and not in the instructions.
      const fields = { text: { format: { type: "json_object" } } };
      return { fields, instruction: null, demand: describeOutputSchema(schema) };
    }
    case "prompt":
      return { fields: {}, instruction: describeOutputSchema(schema), demand: null };
  }
}
