import type { JsonObject } from "../../json/json-value.ts";

/** A tool of the messages request as the answer's translation needs it. */
export interface RequestedTool {
  /** The name the client knows. */
  name: string;
  /** The client's own `input_schema`, not the cleaned one; `{}` for a tool without one. */
  inputSchema: JsonObject;
}
