import { isJsonObject } from "../../../json/json-value.ts";
import { parseJson } from "../../../json/parse-json.ts";
import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { WrittenCall, WrittenMember } from "./written-call.ts";

/** The arguments of a call as the JSON text of an object; null if they are invalid. */
export function encodeArguments(call: WrittenCall, tool: RequestedTool): string | null {
  if ("members" in call) return encodeMembers(call.members, tool);
  // Takes a text as written, so that long numbers keep their digits.
  const json = typeof call.arguments === "string" ? call.arguments.trim() : JSON.stringify(call.arguments);
  return isJsonObject(parseJson(json)) ? json : null;
}

/** If two members have the same name, the last counts, as in JSON. */
function encodeMembers(members: readonly WrittenMember[], { inputSchema }: RequestedTool): string {
  const { properties } = inputSchema;
  const schemas = new Map(isJsonObject(properties) ? Object.entries(properties) : []);
  const encoded = new Map(
    members.map((member) => [member.key, encodeMember(member, schemas.get(member.key))]),
  );
  return `{${[...encoded].map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
}

function encodeMember({ text, isText }: WrittenMember, schema: unknown): string {
  if (isText === true) return JSON.stringify(text);
  const json = pythonWords.get(text.trim()) ?? text.trim();
  const type = jsonTypeOf(parseJson(json));
  if (type === null) return JSON.stringify(text);
  if (isText === false) return json;
  return takesAsJson(typesOf(schema), type) ? json : JSON.stringify(text);
}

/** Written by models that learned from Python. */
const pythonWords: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
]);

function jsonTypeOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** An ambiguous text stays a text if the schema allows one: a command may be `{}` or `1`. */
function takesAsJson(types: ReadonlySet<string> | null, type: string): boolean {
  if (types === null) return type === "object" || type === "array";
  if (type === "null") return types.has("null");
  if (types.has("string")) return false;
  return types.has(type) || (type === "number" && types.has("integer"));
}

/** The JSON types that a schema names, also in a union; null if it names none. */
function typesOf(schema: unknown): ReadonlySet<string> | null {
  if (!isJsonObject(schema)) return null;
  const { type } = schema;
  if (typeof type === "string") return new Set([type]);
  if (Array.isArray(type)) return new Set(type.filter((name) => typeof name === "string"));
  if (Array.isArray(schema["enum"])) return new Set(schema["enum"].map((value) => jsonTypeOf(value) ?? ""));
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(union)) return null;
  const named = union.map(typesOf);
  return named.includes(null) ? null : new Set(named.flatMap((types) => [...(types ?? [])]));
}
