/** Reading an untrusted chat request: a value of another type counts as empty. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of an array. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value as an object, or an empty one. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** Own keys that are not in the list. */
export function unknownKeys(value: Json, known: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}

/** OpenAI's form of a function's name, which all others have taken over. */
export function isFunctionName(value: unknown): boolean {
  return typeof value === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(value);
}
