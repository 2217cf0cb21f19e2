/** What `JSON.parse` can give. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object whose members are not known yet: every read is checked by its reader. */
export type JsonObject = { [key: string]: unknown };

/** True for `{…}`, false for arrays, null and everything else. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value itself when it is a string with at least one character, else undefined. */
export function nonEmptyString(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * The text of a value from outside that ought to be one: a string as it is, a finite number in digits; undefined of
 * anything else. Coercion is no way to read it: of `{"toString": 1}` it throws, of any other object it tells nothing
 * but `[object Object]`.
 */
export function textOfScalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** The texts of a list from outside, of its first `most` entries; none of what is no list. */
export function textsOfScalars(list: unknown, most: number): string[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, most).flatMap((value: unknown) => textOfScalar(value) ?? []);
}
