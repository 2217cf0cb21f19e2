/** Bytes from `start` to before `end` that become the UTF-8 of `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

const encoder = new TextEncoder();

/** The bytes with all splices made, which must not overlap; the very same object if there are none. */
export function spliceBytes(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  if (splices.length === 0) return bytes;
  const pieces: Uint8Array[] = [];
  let kept = 0;
  for (const { start, end, text } of splices.toSorted((one, other) => one.start - other.start)) {
    pieces.push(bytes.subarray(kept, start), encoder.encode(text));
    kept = end;
  }
  pieces.push(bytes.subarray(kept));
  return Buffer.concat(pieces);
}
