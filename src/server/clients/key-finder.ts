import type { ClientSettings } from "../../config/file-config.ts";

/**
 * Creates the search for the client with one of the keys that a request has; it gives null if there is none. Of several
 * keys the first that is known counts. There may be thousands of clients: a key is looked up under a name that only this
 * search knows, as it is a digest with random bytes in it, and one digest is then compared, in constant time, also where
 * nobody has that name. So timing reveals neither a key's length nor its beginning, nor whose it is.
 */
export function createKeyFinder(
  clients: readonly ClientSettings[],
): (keys: readonly string[]) => ClientSettings | null {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const nameOf = (digest: Buffer) => sha256(salt).update(digest).digest("base64");
  const known = new Map<string, KnownClient>();
  for (const client of clients) {
    const expected = Buffer.from(client.keyDigest, "hex");
    const name = nameOf(expected);
    if (!known.has(name)) known.set(name, { client, expected });
  }
  const nobody: KnownClient = { client: null, expected: Buffer.alloc(32) };
  // guard: constant time comparison of the key; without it: (given, expected) => given.equals(expected)
  const isSame = (given: Buffer, expected: Buffer) => crypto.timingSafeEqual(given, expected);

  return (keys) => {
    let found: ClientSettings | null = null;
    for (const key of keys) {
      const given = sha256(key).digest();
      const { client, expected } = known.get(nameOf(given)) ?? nobody;
      if (isSame(given, expected)) found ??= client;
    }
    return found;
  };
}

interface KnownClient {
  readonly client: ClientSettings | null;
  readonly expected: Buffer;
}

function sha256(begin: string | Uint8Array): Bun.CryptoHasher {
  return new Bun.CryptoHasher("sha256").update(begin);
}
