const blockBytes = 64 * 1024;

/** With how many same bytes both begin: compared natively, block by block, and in halves of the one that differs. */
export function countSameBytes(one: Buffer, other: Buffer): number {
  const end = Math.min(one.length, other.length);
  let same = 0;
  let step = blockBytes;
  while (same < end) {
    const to = Math.min(end, same + step);
    if (one.compare(other, same, to, same, to) === 0) same = to;
    else if (to - same === 1) break;
    else step = Math.ceil((to - same) / 2);
  }
  return same;
}
