import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A new id of the form the real API uses: `<prefix>_` and 24 base62 characters (`req`, `msg`, `toolu`, `srvtoolu`). */
export function randomId(prefix: string): string {
  let id = `${prefix}_`;
  // 248 = 4 * 62: bytes from there on would make some characters likelier than others.
  while (id.length < prefix.length + 25) {
    for (const byte of randomBytes(32)) {
      if (byte < 248 && id.length < prefix.length + 25) id += alphabet[byte % 62];
    }
  }
  return id;
}
