import type { JsonObject } from "../../json/json-value.ts";

/** A tool that is added or removed in the course of the conversation. */
export type ToolChange = { add: JsonObject } | { remove: string };
