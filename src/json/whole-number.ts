/** More digits than any number that can be represented exactly. */
const digits = /^\d{1,32}$/;
const decimal = /^\d{1,32}(?:\.\d{0,32})?(?:e[+-]?\d{1,3})?$/i;

/**
 * Converts a length, a count or a limit from outside to a whole number from 0 to 2^53-1; the only function that does
 * so. The value must be a number or a text of digits alone. Null for anything else: signs, blanks, exponents,
 * hexadecimals, `5, 5`, NaN.
 */
export function readWholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && digits.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) return null;
  // Turns -0 into 0, because some writers keep the sign.
  return Math.abs(number);
}

/**
 * The same for values that may be fractions, such as seconds or money: finite, at least 0; a text may have an exponent.
 */
export function readDecimal(value: unknown): number | null {
  const number = typeof value === "string" && decimal.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? Math.abs(number) : null;
}
