import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { findDefinition } from "./find-definition.ts";
import { mapSchemas } from "./map-schemas.ts";

/**
 * Syntax that JavaScript supports and Python's `re` does not: `\\p{…}`, `\\u{…}`, other escaped letters, and named
 * groups.
 */
const notForPython = /\\[^\W\d_AbBdDsSwWZafnrtvxuU]|\\u\{|\(\?<[^=!]/;

/**
 * The schema as OpenAI accepts it for a function that is not strict (rule 1.3.1): every list has `items`, the top level
 * is no choice, and Python can read the patterns. Source: its error texts `array schema missing items`,
 * `schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level`,
 * `is not a 'regex'`.
 */
export function cleanSchemaForOpenai(root: JsonObject): JsonObject {
  return mapSchemas(withoutTopChoice(root), (node) => withItems(withoutForeignPattern(node)));
}

function withoutForeignPattern(node: JsonObject): JsonObject {
  const { pattern, ...others } = node;
  return typeof pattern === "string" && notForPython.test(pattern) ? others : node;
}

function withItems(node: JsonObject): JsonObject {
  const { type, items } = node;
  const isList = type === "array" || (Array.isArray(type) && type.includes("array"));
  // The older form of a tuple is a list of schemas.
  if (Array.isArray(items)) return { ...node, prefixItems: items, items: {} };
  return isList && !isJsonObject(items) ? { ...node, items: {} } : node;
}

/**
 * The object schema without a choice at its top level. It keeps the properties of the alternatives, because a model
 * cannot use a property that it does not know. The tool itself checks which of them belong together.
 */
export function withoutTopChoice(root: JsonObject): JsonObject {
  const { anyOf, oneOf, allOf, enum: values, not, ...plain } = root;
  if ([anyOf, oneOf, allOf, values, not].every((keyword) => keyword === undefined)) return root;
  const whole = readBranches(allOf, root);
  const choices = [anyOf, oneOf].map((list) => readBranches(list, root));
  const own = isJsonObject(plain["properties"]) ? plain["properties"] : {};
  const added = new Map<string, unknown[]>();
  for (const { properties } of [...whole, ...choices.flat()]) {
    for (const [name, schema] of Object.entries(isJsonObject(properties) ? properties : {})) {
      if (Object.hasOwn(own, name)) continue;
      const schemas = added.get(name);
      if (schemas === undefined) added.set(name, [schema]);
      else schemas.push(schema);
    }
  }
  const required = new Set([
    ...readNames(plain),
    ...whole.flatMap(readNames),
    ...choices.flatMap((branches) => namesInAll(branches)),
  ]);
  const properties = Object.fromEntries([
    ...Object.entries(own),
    ...Array.from(added, ([name, schemas]): [string, unknown] => [name, joinSchemas(schemas)]),
  ]);
  return { ...plain, properties, ...(required.size > 0 && { required: [...required] }) };
}

/** Each reference counts once: it may be repeated without end. */
function readBranches(list: unknown, root: JsonObject): JsonObject[] {
  if (!Array.isArray(list)) return [];
  const branches = list.filter(isJsonObject).map((branch) => {
    const { $ref: reference } = branch;
    return (typeof reference === "string" ? findDefinition(reference, root) : undefined) ?? branch;
  });
  return [...new Set(branches)];
}

/** If the alternatives describe a property differently, each description is allowed. */
function joinSchemas(schemas: readonly unknown[]): unknown {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return different.length === 1 ? different[0] : { anyOf: different };
}

/** Properties that every alternative requires. */
function namesInAll(branches: readonly JsonObject[]): string[] {
  const counts = new Map<string, number>();
  for (const name of branches.flatMap((branch) => [...new Set(readNames(branch))])) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count === branches.length).map(([name]) => name);
}

function readNames({ required }: JsonObject): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}
