import { isJsonObject } from "../../json/json-value.ts";
import type { RequestedTool } from "../request/chat-request-plan.ts";
import type { RequestedTools } from "../request/requested-tools.ts";
import type { DroppedMembers } from "./member-filter.ts";

/** Prefixes that models put before a tool's name. */
const namePrefixes = ["functions.", "default_api:", "tool_"];

/** The tool a call means: by its exact name, without regard to case, or without a prefix; null when unknown. */
export function findRequestedTool(tools: RequestedTools, name: string): RequestedTool | null {
  const exact = tools.get(name);
  if (exact !== undefined) return exact;
  const bare = name.slice(namePrefixes.find((prefix) => name.startsWith(prefix))?.length);
  return tools.findFirst([name, bare]);
}

/**
 * Which top-level arguments are left out (rule 3.5): `null` for what is optional and may not be null, and the
 * empty `pages` that GPT-5 class models send to `Read`.
 */
export function droppedMembersOf(tool: RequestedTool | null): DroppedMembers {
  const properties = tool?.inputSchema["properties"];
  if (tool === null || !isJsonObject(properties)) return nothingDropped;
  const { required } = tool.inputSchema;
  const requiredKeys = new Set<unknown>(Array.isArray(required) ? required : []);
  const isOptional = (key: string) => !requiredKeys.has(key);
  return {
    whenNull: new Set(
      Object.keys(properties).filter((key) => isOptional(key) && !allowsNull(properties[key])),
    ),
    whenEmpty: new Set(tool.name === "Read" && isOptional("pages") ? ["pages"] : []),
  };
}

const nothingDropped: DroppedMembers = { whenNull: new Set(), whenEmpty: new Set() };

/** Whether a schema takes null; one that we cannot read does. */
function allowsNull(schema: unknown): boolean {
  if (!isJsonObject(schema)) return true;
  const { type } = schema;
  if (type === "null" || (Array.isArray(type) && type.includes("null"))) return true;
  if (schema["nullable"] === true || schema["const"] === null) return true;
  if (Array.isArray(schema["enum"])) return schema["enum"].includes(null);
  for (const union of [schema["anyOf"], schema["oneOf"]]) {
    if (Array.isArray(union)) return union.some(allowsNull);
  }
  return type === undefined;
}
