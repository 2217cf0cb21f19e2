/** Whether a value from outside is what it should be. */
export type Check<Type> = (value: unknown) => value is Type;

export const isText: Check<string> = (value) => typeof value === "string";
export const isNumber: Check<number> = (value): value is number =>
  typeof value === "number" && Number.isFinite(value);
export const isFlag: Check<boolean> = (value) => typeof value === "boolean";

/** The check of a value that may also be null. */
export function nullable<Type>(check: Check<Type>): Check<Type | null> {
  return (value): value is Type | null => value === null || check(value);
}

/** The check of a list whose items all pass. */
export function listOf<Type>(check: Check<Type>): Check<readonly Type[]> {
  return (value): value is readonly Type[] => Array.isArray(value) && value.every((item) => check(item));
}

/** The check of a text that is one of these. */
export function oneOf<const Type extends string>(texts: readonly Type[]): Check<Type> {
  return (value): value is Type => texts.some((text) => text === value);
}

/** The check of an object whose members all pass; it may have others. The compiler asks for every member. */
export function objectOf<Type extends object>(
  members: {
    readonly [Name in keyof Type]-?: Check<Type[Name]>;
  },
): Check<Type> {
  const checks: [string, (value: unknown) => boolean][] =
    Object.entries<(value: unknown) => boolean>(members);
  return (value): value is Type => isObject(value) && checks.every(([name, check]) => check(value[name]));
}

/** Whether this is a JSON object, as far as one can tell. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
