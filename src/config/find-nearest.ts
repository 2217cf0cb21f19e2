/**
 * Finds the name that a person most probably meant.
 * @param written the name as written; upper and lower case differ
 * @param names the right ones
 * @returns null if none is near: at most one slip (an added, missing or wrong letter, or two swapped) for every four
 * characters, and two at most
 */
export function findNearest<Name extends string>(written: string, names: readonly Name[]): Name | null {
  const limit = Math.min(2, Math.floor(written.length / 4));
  let nearest: { name: Name; slips: number } | null = null;
  for (const name of names) {
    const slips = countSlips(written, name, nearest === null ? limit : nearest.slips - 1);
    if (slips !== null) nearest = { name, slips };
  }
  return nearest?.name ?? null;
}

/** The optimal string alignment distance of two texts; null if it exceeds `limit`. */
function countSlips(left: string, right: string, limit: number): number | null {
  if (Math.abs(left.length - right.length) > limit) return null;
  const rows = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  const slips = at(left.length, right.length);
  return slips <= limit ? slips : null;
}
