import type { ClientSettings } from "../../config/file-config.ts";

/**
 * Creates the search for the client with one of the keys that a request has; it gives null if there is none. Of several
 * keys the first that is known counts. Digests are compared in constant time, and each with all others, so timing
 * reveals neither a key's length nor its beginning, nor whose it is.
 */
export function createKeyFinder(
  clients: readonly ClientSettings[],
): (keys: readonly string[]) => ClientSettings | null {
  const known = clients.map((client) => ({ client, expected: Buffer.from(client.keyDigest, "hex") }));
  // guard: constant time comparison of the key; without it: (given, expected) => given.equals(expected)
  const isSame = (given: Buffer, expected: Buffer) => crypto.timingSafeEqual(given, expected);

  return (keys) => {
    let found: ClientSettings | null = null;
    for (const key of keys) {
      const given = digest(key);
      for (const { client, expected } of known) if (isSame(given, expected)) found ??= client;
    }
    return found;
  };
}

function digest(key: string): Buffer {
  return new Bun.CryptoHasher("sha256").update(key).digest();
}
