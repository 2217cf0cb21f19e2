import { randomFillSync } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const idLength = 24;

/** Random bytes for some hundred ids: to ask the system for each id takes longer than to write it. */
const pool = new Uint8Array(8192);
let nextOfPool = pool.length;

/** A new id of the form the real API uses: `<prefix>_` and 24 base62 characters (`req`, `msg`, `toolu`, `srvtoolu`). */
export function randomId(prefix: string): string {
  let id = `${prefix}_`;
  for (let written = 0; written < idLength; ) {
    const byte = takeByte();
    // 248 = 4 * 62: bytes from there on would make some characters likelier than others.
    if (byte >= 248) continue;
    id += alphabet[byte % 62];
    written += 1;
  }
  return id;
}

function takeByte(): number {
  if (nextOfPool === pool.length) {
    randomFillSync(pool);
    nextOfPool = 0;
  }
  const byte = pool[nextOfPool] ?? 0;
  nextOfPool += 1;
  return byte;
}
