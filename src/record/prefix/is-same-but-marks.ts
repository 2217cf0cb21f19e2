import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

const markName = "cache_control";

/**
 * Whether two turns of a conversation say the same, wherever its cache marks stand. A client moves its marks on with
 * each turn, and no cache is lost by it: they belong to no text. A mark that both have must be the same one.
 */
export function isSameButMarks(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return areSame(one, other);
  if (isJsonObject(one) && isJsonObject(other)) return haveSameMembers(one, other);
  // A text that had to carry a mark was a list of one part, and is a plain text without it.
  if (typeof one === "string" && Array.isArray(other)) return one === onlyText(other);
  if (typeof other === "string" && Array.isArray(one)) return other === onlyText(one);
  return one === other;
}

function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => isSameButMarks(value, other[at]));
}

function haveSameMembers(one: JsonObject, other: JsonObject): boolean {
  const names = namesOf(one, other);
  const otherNames = namesOf(other, one);
  if (names.length !== otherNames.length) return false;
  return names.every((name, at) => name === otherNames[at] && isSameButMarks(one[name], other[name]));
}

/** Without the name of a mark that the other object has not got. */
function namesOf(object: JsonObject, other: JsonObject): string[] {
  return Object.keys(object).filter((name) => name !== markName || Object.hasOwn(other, markName));
}

function onlyText(parts: readonly unknown[]): string | null {
  const [part] = parts;
  if (parts.length !== 1 || !isJsonObject(part)) return null;
  const { type, text } = part;
  const hasMore = Object.keys(part).some((name) => name !== "type" && name !== "text" && name !== markName);
  return type === "text" && typeof text === "string" && !hasMore ? text : null;
}
