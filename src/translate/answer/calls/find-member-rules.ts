import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { findDefinition } from "../../tools/find-definition.ts";
import type { RequestedTool } from "../../tools/requested-tool.ts";
import type { MemberRuleSet, StructuredValue } from "./member-rules.ts";

/**
 * What becomes of the top-level arguments of a tool's call (rule 3.5): `null` goes where it may not stand and is not
 * demanded, and so does the empty `pages` that GPT-5 class models send to `Read`; a list or an object written as a
 * text is read where no text is wanted.
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
  // One loop: a tool may have forty thousand properties.
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

const plainTypes = new Set<unknown>(["string", "number", "integer", "boolean", "null"]);

/** References in references, and unions in unions, are followed so deep; behind that, anything may come. */
const deepest = 4;

/** What the types of a schema are, added up. */
const kinds = new Map<unknown, number>([
  ["string", 1],
  ["array", 2],
  ["object", 4],
]);

/** Finds the list or object that schemas want. Each definition is read once, however many refer to it. */
class Structures {
  readonly #root: JsonObject;
  readonly #found = new Map<string, number | null>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** Null where a schema takes a text too, or nobody can tell. */
  find(schema: unknown): StructuredValue | null {
    // Most are of one plain type.
    if (isJsonObject(schema) && plainTypes.has(schema["type"])) return null;
    const kind = this.#kindOf(schema, deepest) ?? 0;
    const wanted = { isList: (kind & 2) !== 0, isObject: (kind & 4) !== 0 };
    return (kind & 1) === 0 && (wanted.isList || wanted.isObject) ? wanted : null;
  }

  /** Null when a schema may take anything. */
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
