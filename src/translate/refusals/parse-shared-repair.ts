import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** Longest name of a field, a tool or a level, in characters. */
const longestName = 300;
/** No request works without these, at its top or in its messages and tools. */
const essential = [
  "model",
  "messages",
  "input",
  "tools",
  "stream",
  "role",
  "content",
  "type",
  "function",
  "name",
];
const schemaRules = ["grammar", "openai", "typed"] as const;

/**
 * A repair that was kept for a model, without one that switches thinking off: each wire says that in its own form. Null
 * for anything else, such as a repair that another version knows.
 */
export function parseSharedRepair(value: unknown): SharedRepair | null {
  if (!isJsonObject(value)) return null;
  const scope = "model";
  const { kind } = value;
  switch (kind) {
    case "omit-field": {
      const field = readName(value, "field");
      return field === null || essential.includes(field) ? null : { kind, field, scope };
    }
    case "cap-output": {
      const maxTokens = readWholeNumber(value["maxTokens"]);
      return maxTokens === null || maxTokens === 0 ? null : { kind, maxTokens, scope };
    }
    case "raise-output": {
      const minTokens = readWholeNumber(value["minTokens"]);
      return minTokens === null || minTokens > mostRaised ? null : { kind, minTokens, scope };
    }
    case "loosen-response-format": {
      const to = (["json_object", "prompt"] as const).find((known) => known === value["to"]);
      return to === undefined ? null : { kind, to, scope };
    }
    case "omit-thinking-level": {
      const level = readName(value, "level");
      return level === null ? null : { kind, level, scope };
    }
    case "plainer-schemas": {
      const rules = schemaRules.find((known) => known === value["rules"]);
      return rules === undefined ? null : { kind, rules, scope };
    }
    case "omit-strict": {
      const of = readName(value, "of");
      return of === null ? null : { kind, of, scope };
    }
    case "omit-thinking":
    case "omit-images":
      return { kind, scope };
    default:
      return null;
  }
}

/** Tokens; an upstream's least limit on output is small, and a large one would be paid for. */
const mostRaised = 4096;

/** A name of an outside object; null if it has none, or one that is too long. */
export function readName(value: JsonObject, member: string): string | null {
  const name = value[member];
  return typeof name === "string" && name !== "" && name.length <= longestName ? name : null;
}
