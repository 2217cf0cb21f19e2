import type { JsonObject } from "../../json/json-value.ts";

/** A tool that joins or leaves in the course of the conversation. */
export type ToolChange = { add: JsonObject } | { remove: string };
