/** More digits than any number of them has that can be told exactly. */
const digits = /^\d{1,32}$/;
const decimal = /^\d{1,32}(?:\.\d{0,32})?(?:e[+-]?\d{1,3})?$/i;

/**
 * The one way in which a length, a count or a limit from outside becomes a number: a whole one from 0 to 2^53-1, of a
 * number or of a text of digits alone. Null of anything else: signs, blanks, exponents, hexadecimals, `5, 5`, NaN.
 */
export function readWholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && digits.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) return null;
  // -0 would be told as it is by some writers.
  return Math.abs(number);
}

/** The same for what may be a fraction, such as seconds or money: finite, from 0; a text may have an exponent. */
export function readDecimal(value: unknown): number | null {
  const number = typeof value === "string" && decimal.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? Math.abs(number) : null;
}
