/** Cuts bytes into pieces of 1 to 40. */
export function* splitAtRandom(bytes: Uint8Array, random: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(random() * 40);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
