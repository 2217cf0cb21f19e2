/** The output items that are read. */
export type ItemKind = "message" | "reasoning" | "function_call" | "web_search_call" | "other";

/** Maps the `type` of an output item (rule 23.2). */
export function kindOfItem(type: unknown): ItemKind {
  switch (type) {
    case "message":
    case "reasoning":
    case "function_call":
    case "web_search_call":
      return type;
    default:
      return "other";
  }
}
