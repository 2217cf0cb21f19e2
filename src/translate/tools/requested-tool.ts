import type { JsonObject } from "../../json/json-value.ts";

/** The facts about a tool of the messages request that the answer's translation needs. */
export interface RequestedTool {
  /** The name the client knows. */
  name: string;
  /** The client's own `input_schema`, not the cleaned one; `{}` for a tool without one. */
  inputSchema: JsonObject;
}
