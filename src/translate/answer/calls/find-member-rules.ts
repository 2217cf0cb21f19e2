import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { findDefinition } from "../../tools/find-definition.ts";
import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { MemberRuleSet, StructuredValue } from "./member-rules.ts";

/**
 * The rules for the top-level arguments of a tool's call (rule 3.5). `null` is dropped if the schema neither allows nor
 * requires it, and so is the empty `pages` that GPT-5 class models send to `Read`. A list or an object written as a
 * text is parsed if the schema allows no text.
 */
export function findMemberRules(tool: RequestedTool | null): MemberRuleSet {
  if (tool === null) return noRules;
  const { inputSchema } = tool;
  const { properties, required } = inputSchema;
  const requiredKeys = new Set<unknown>(Array.isArray(required) ? required : []);
  const known = isJsonObject(properties) ? Object.entries(properties) : [];
  const whenNull = new Set<string>();
  const whenEmpty = new Set<string>();
  const structured = new Map<string, StructuredValue>();
  const structures = new Structures(inputSchema);
  // One loop, because a tool may have forty thousand properties.
  for (const [key, schema] of known) {
    const wanted = structures.find(schema);
    if (wanted !== null) structured.set(key, wanted);
    if (requiredKeys.has(key)) continue;
    if (!allowsNull(schema)) whenNull.add(key);
    if (key === "pages" && tool.name === "Read") whenEmpty.add(key);
  }
  const allowed = forbidsOthers(inputSchema) ? new Set(known.map(([key]) => key)) : null;
  return {
    whenNull,
    whenEmpty,
    allowed,
    structured,
    mayHaveMembers: known.length > 0 || requiredKeys.size > 0,
  };
}

const noRules: MemberRuleSet = {
  whenNull: new Set(),
  whenEmpty: new Set(),
  allowed: null,
  structured: new Map(),
  mayHaveMembers: true,
};

/** Whether a schema allows no members but its `properties`. A schema with patterns for other members allows any. */
function forbidsOthers(schema: JsonObject): boolean {
  return schema["additionalProperties"] === false && schema["patternProperties"] === undefined;
}

/** Whether a schema allows null; one that we cannot read does. */
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

const plainTypes = new Set<unknown>(["string", "number", "integer", "boolean", "null"]);

/** References within references, and unions within unions, are followed this deep; deeper schemas allow anything. */
const deepest = 4;

/** The types of a schema as bits of a sum. */
const kinds = new Map<unknown, number>([
  ["string", 1],
  ["array", 2],
  ["object", 4],
]);

/** Finds the list or object that schemas require. Reads each definition once, however many schemas refer to it. */
class Structures {
  readonly #root: JsonObject;
  readonly #found = new Map<string, number | null>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** Null if a schema also allows a text, or if that is unknown. */
  find(schema: unknown): StructuredValue | null {
    // Most schemas have one plain type.
    if (isJsonObject(schema) && plainTypes.has(schema["type"])) return null;
    const kind = this.#kindOf(schema, deepest) ?? 0;
    const wanted = { isList: (kind & 2) !== 0, isObject: (kind & 4) !== 0 };
    return (kind & 1) === 0 && (wanted.isList || wanted.isObject) ? wanted : null;
  }

  /** Null if a schema may allow anything. */
  #kindOf(schema: unknown, depth: number): number | null {
    if (!isJsonObject(schema) || depth === 0) return null;
    const { type } = schema;
    if (typeof type === "string") return kinds.get(type) ?? 0;
    if (Array.isArray(type)) return type.reduce<number>((sum, one) => sum | (kinds.get(one) ?? 0), 0);
    const reference = schema["$ref"];
    if (typeof reference === "string") return this.#kindOfReference(reference, depth);
    const union = schema["anyOf"] ?? schema["oneOf"];
    if (!Array.isArray(union)) return null;
    let sum = 0;
    for (const member of union) {
      const kind = this.#kindOf(member, depth - 1);
      if (kind === null) return null;
      sum |= kind;
    }
    return sum;
  }

  #kindOfReference(reference: string, depth: number): number | null {
    const known = this.#found.get(reference);
    if (known !== undefined) return known;
    this.#found.set(reference, null);
    const kind = this.#kindOf(findDefinition(reference, this.#root), depth - 1);
    this.#found.set(reference, kind);
    return kind;
  }
}
