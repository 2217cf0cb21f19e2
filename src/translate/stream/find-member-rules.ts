import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import type { RequestedTool } from "../request/chat-request-plan.ts";
import { findDefinition } from "../request/find-definition.ts";
import type { MemberRuleSet, StructuredValue } from "./member-rules.ts";

/**
 * What becomes of the top-level arguments of a tool's call (rule 3.5): `null` goes where it may not stand and is not
 * demanded, and so does the empty `pages` that GPT-5 class models send to `Read`; a list or an object written as a
 * text is read where no text is wanted.
 */
export function findMemberRules(tool: RequestedTool | null): MemberRuleSet {
  if (tool === null) return noRules;
  const { inputSchema } = tool;
  const properties = isJsonObject(inputSchema["properties"]) ? inputSchema["properties"] : {};
  const { required } = inputSchema;
  const requiredKeys = new Set<unknown>(Array.isArray(required) ? required : []);
  const entries = Object.entries(properties);
  const optional = entries.filter(([key]) => !requiredKeys.has(key));
  const structured = entries.flatMap(([key, schema]) => {
    const wanted = findStructure(schema, inputSchema);
    return wanted === null ? [] : [[key, wanted] as const];
  });
  const isPagesOptional = Object.hasOwn(properties, "pages") && !requiredKeys.has("pages");
  return {
    whenNull: new Set(optional.filter(([, schema]) => !allowsNull(schema)).map(([key]) => key)),
    whenEmpty: new Set(tool.name === "Read" && isPagesOptional ? ["pages"] : []),
    allowed: forbidsOthers(inputSchema) ? new Set(Object.keys(properties)) : null,
    structured: new Map(structured),
    mayHaveMembers: optional.length > 0 || requiredKeys.size > 0,
  };
}

const noRules: MemberRuleSet = {
  whenNull: new Set(),
  whenEmpty: new Set(),
  allowed: null,
  structured: new Map(),
  mayHaveMembers: true,
};

/** Whether a schema takes no members but those of its `properties`. Where others may come by a pattern, any may. */
function forbidsOthers(schema: JsonObject): boolean {
  return schema["additionalProperties"] === false && schema["patternProperties"] === undefined;
}

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

/** The list or object that a schema wants; null where it takes a text too, or nobody can tell. */
function findStructure(schema: unknown, root: JsonObject): StructuredValue | null {
  const types = listTypes(schema, root, mostReferences);
  if (types === null || types.includes("string")) return null;
  const wanted = { isList: types.includes("array"), isObject: types.includes("object") };
  return wanted.isList || wanted.isObject ? wanted : null;
}

/** Definitions may refer to themselves; behind so many references, and unions in unions, anything may come. */
const mostReferences = 4;

/** The types that a schema takes; null when it may take any. */
function listTypes(schema: unknown, root: JsonObject, depth: number): unknown[] | null {
  if (!isJsonObject(schema) || depth === 0) return null;
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type;
  const reference = schema["$ref"];
  if (typeof reference === "string") return listTypes(findDefinition(reference, root), root, depth - 1);
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(union)) return null;
  const members = union.map((member) => listTypes(member, root, depth - 1));
  return members.includes(null) ? null : members.flatMap((types) => types ?? []);
}
