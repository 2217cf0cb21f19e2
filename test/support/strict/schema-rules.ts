import type { ProfileId } from "../../../src/profiles/profile-ids.ts";
import { isObject, type Json, objectOf } from "./json.ts";

/** Whose rules the schemas of a request are read by. */
export type SchemaReader = "openai" | "llamacpp" | "gemini" | "kimi";

/** A schema inside of another one, the root among them. */
interface PlacedSchema {
  schema: unknown;
  /** Its place as OpenAI writes it: keywords and names. */
  path: readonly string[];
  /** The schemas around it, the root first. */
  around: readonly Json[];
}

const readers: Partial<Record<ProfileId, SchemaReader>> = {
  openai: "openai",
  llamacpp: "llamacpp",
  lmstudio: "llamacpp",
  gemini: "gemini",
  kimi: "kimi",
};

/** Behind OpenRouter the rules of the model's maker hold. */
const readersByVendor: Readonly<Record<string, SchemaReader>> = {
  openai: "openai",
  anthropic: "openai",
  google: "gemini",
  moonshotai: "kimi",
};

/** Who reads the schemas that a family's server gets for a model; null where nobody is known to mind any. */
export function findSchemaReader(family: ProfileId, model: string): SchemaReader | null {
  if (family === "openrouter") return readersByVendor[model.split("/")[0] ?? ""] ?? null;
  return readers[family] ?? null;
}

/** What the reader refuses in a schema, in its own words where they are known. */
export function findSchemaFaults(schema: unknown, reader: SchemaReader): string[] {
  const placed = listSchemas({ schema, path: [], around: [] });
  const find = {
    openai: findOpenaiFaults,
    llamacpp: findLlamacppFaults,
    gemini: findGeminiFaults,
    kimi: findKimiFaults,
  };
  return placed.flatMap(find[reader]);
}

/** OpenAI's rule for `strict`: every object closed, every property required. */
export function isStrictSchema(schema: unknown): boolean {
  return listSchemas({ schema, path: [], around: [] }).every(({ schema: inner }) => {
    const { type, properties, required, additionalProperties } = objectOf(inner);
    if (type !== "object") return true;
    const names = Object.keys(objectOf(properties));
    const all: unknown[] = Array.isArray(required) ? required : [];
    return additionalProperties === false && names.every((name) => all.includes(name));
  });
}

/**
 * OpenAI's texts: `In context=('properties', 'a'), array schema missing items`, `schema must have type 'object' and not
 * have 'oneOf'/… at the top level`, `is not of type 'object', 'boolean'`, `is not a 'regex'` (Python's `re`).
 */
function findOpenaiFaults({ schema, path }: PlacedSchema): string[] {
  if (!isObject(schema)) return [];
  const faults: string[] = [];
  const context = `In context=(${path.map((step) => `'${step}'`).join(", ")})`;
  const choices = ["oneOf", "anyOf", "allOf", "enum", "not"].filter((keyword) => keyword in schema);
  if (path.length === 0 && choices.length > 0) {
    faults.push(`schema must have type 'object' and not have '${choices.join("'/'")}' at the top level`);
  }
  const { items, pattern } = schema;
  if (typesOf(schema).includes("array") && items === undefined)
    faults.push(`${context}, array schema missing items`);
  if (Array.isArray(items)) faults.push(`${JSON.stringify(items)} is not of type 'object', 'boolean'`);
  if (typeof pattern === "string" && !isPythonPattern(pattern)) faults.push(`'${pattern}' is not a 'regex'`);
  return faults;
}

/** By the letters that Python knows behind a backslash, and its form of named groups. */
function isPythonPattern(pattern: string): boolean {
  const escaped = [...pattern.matchAll(/\\([\s\S])/g)].map(([, sign]) => sign ?? "");
  const isKnown = escaped.every((sign) => !/[a-zA-Z]/.test(sign) || "abBdDfnrsStuUvwWxAZ".includes(sign));
  return isKnown && !/\\u(?![0-9a-fA-F]{4})|\(\?<(?![=!])/.test(pattern);
}

const longestRepetition = 2000;

/**
 * llama.cpp makes a grammar of all schemas. Source: common/json-schema-to-grammar.cpp (`Pattern must start with`,
 * `Unrecognized schema`), src/llama-grammar.cpp (`unknown escape`, `number of repetitions exceeds sane defaults`); patterns
 * of inner objects: measured on build b10587.
 */
function findLlamacppFaults({ schema, path, around }: PlacedSchema): string[] {
  if (schema === true && path.at(-1) !== "additionalProperties") return ["Unrecognized schema: true"];
  if (!isObject(schema)) return [];
  const faults: string[] = [];
  const product = [...around, schema].reduce((times, outer) => times * repetitionsOf(outer), 1);
  if (repetitionsOf(schema) > 1 && product >= longestRepetition) {
    faults.push("number of repetitions exceeds sane defaults, please reduce the number of repetitions");
  }
  const { pattern } = schema;
  if (typeof pattern !== "string") return faults;
  if (!/^\^[\s\S]*\$$/.test(pattern)) faults.push("Pattern must start with '^' and end with '$'");
  const [unknown] = /\\[^^$.[\](){}|*+?"\\tnrxuU]/.exec(pattern) ?? [];
  if (unknown !== undefined) faults.push(`unknown escape at ${unknown}`);
  if (/\(\?[^:]/.test(pattern)) faults.push("Unsupported pattern syntax");
  if (path.length > 2) faults.push("expecting name at the pattern of an inner object");
  return faults;
}

/** How often a grammar writes out what is in a value. */
function repetitionsOf(schema: Json): number {
  const limits = ["minLength", "maxLength", "minItems", "maxItems"].map((keyword) =>
    Number(schema[keyword] ?? 1),
  );
  return Math.max(1, ...limits.filter(Number.isFinite));
}

const unknownToGemini = [
  ..."$ref $defs definitions oneOf const additionalProperties patternProperties propertyNames".split(" "),
  ..."exclusiveMinimum exclusiveMaximum examples if then else not contentEncoding".split(" "),
];

/** Gemini's texts: `Unknown name "…": Cannot find field`, `items: missing field`, `only allowed for STRING type`. */
function findGeminiFaults({ schema, path }: PlacedSchema): string[] {
  if (!isObject(schema)) return ["Proto field is not repeating, cannot start list"];
  const { type, format, items, properties, required } = schema;
  const faults = unknownToGemini
    .filter((keyword) => keyword in schema)
    .map((keyword) => `Unknown name "${keyword}": Cannot find field`);
  if (Array.isArray(type)) faults.push(`Unknown name "type": Proto field is not repeating`);
  if (type === undefined && schema["anyOf"] === undefined && path.at(-2) === "properties")
    faults.push(`${path.join(".")}: schema didn't specify the schema type field`);
  if (type === "array" && !isObject(items)) faults.push(`${path.join(".")}.items: missing field`);
  if (type !== "array" && items !== undefined)
    faults.push(`${path.join(".")}.items: only allowed for ARRAY type`);
  if (format !== undefined && format !== "enum" && format !== "date-time")
    faults.push("only 'enum' and 'date-time' are supported for STRING type");
  const values: unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  if (values.some((value) => typeof value !== "string")) faults.push("enum: only allowed for STRING type");
  const names: unknown[] = Array.isArray(required) ? required : [];
  if (names.some((name) => !Object.hasOwn(objectOf(properties), String(name))))
    faults.push("required: property is not defined");
  return faults;
}

/** Source: @ai-sdk/moonshotai 3.0.60, which writes schemas so that Kimi takes them. */
function findKimiFaults({ schema, path }: PlacedSchema): string[] {
  if (!isObject(schema)) return path.at(-2) === "properties" ? [`${path.join(".")} is no object`] : [];
  const faults: string[] = [];
  if ("$ref" in schema && Object.keys(schema).length > 1) faults.push("keywords beside $ref");
  if ("anyOf" in schema && "type" in schema)
    faults.push("when using anyOf, type should be defined in its items");
  if (Array.isArray(schema["items"])) faults.push("items must be a schema");
  return faults;
}

function typesOf({ type }: Json): readonly unknown[] {
  return Array.isArray(type) ? type : [type];
}

/** All schemas that stand in one, itself first. What is no schema by its place is data. */
function listSchemas(outer: PlacedSchema): PlacedSchema[] {
  const { schema, path, around } = outer;
  if (!isObject(schema)) return [outer];
  const inner = Object.entries(schema).flatMap(([keyword, value]) => {
    const place = (step: readonly string[], member: unknown) => ({
      schema: member,
      path: [...path, keyword, ...step],
      around: [...around, schema],
    });
    if (["properties", "patternProperties", "$defs", "definitions"].includes(keyword))
      return Object.entries(objectOf(value)).map(([name, member]) => place([name], member));
    if (Array.isArray(value)) {
      const isList = ["anyOf", "oneOf", "allOf", "prefixItems", "items"].includes(keyword);
      return isList ? value.map((member, index) => place([String(index)], member)) : [];
    }
    return ["items", "additionalProperties", "not", "contains"].includes(keyword) ? [place([], value)] : [];
  });
  return [outer, ...inner.flatMap(listSchemas)];
}
