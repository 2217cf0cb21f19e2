/** The form of tool call ids on an upstream's wire. */
export type ToolIdForm = "any" | "max40" | "max64" | "strict9" | "kimi";
