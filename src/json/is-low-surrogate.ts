/**
 * Whether a UTF-16 unit is the second half of a character outside the basic plane: a text must not be cut before one.
 */
export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
