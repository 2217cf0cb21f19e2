/** A value that `JSON.parse` can return. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object whose members are not known yet: the code that reads a member checks it. */
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
 * The text of an outside value that should be a string: a string unchanged, a finite number in digits; undefined for
 * anything else. Coercion is not usable: it throws for `{"toString": 1}`, and gives only `[object Object]` for any
 * other object.
 */
export function textOfScalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** The texts of the first `most` entries of an outside list; none if it is no list. */
export function textsOfScalars(list: unknown, most: number): string[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, most).flatMap((value: unknown) => textOfScalar(value) ?? []);
}
