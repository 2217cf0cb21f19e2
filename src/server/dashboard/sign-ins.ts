import type { ClientSettings } from "../../config/file-config.ts";

/** A client by its name and the digest of its key. */
type KeyHolder = Pick<ClientSettings, "name" | "keyDigest">;

/** What somebody was given to show later. Neither it nor the client's key can be read from this. */
interface Token {
  readonly digest: Buffer;
  readonly client: string;
  readonly keyDigest: string;
  readonly endsMs: number;
}

/** Who has signed in to the dashboard. All of it ends with the process. */
export interface SignIns {
  /** Creates a code that opens one session within a minute. */
  createCode(client: KeyHolder): string;
  /**
   * Opens a session with a code, which is of no use afterwards.
   * @returns the session's token; null if the code is unknown, used or too old, or if its client's key is no longer valid
   */
  openSession(code: string, clients: readonly KeyHolder[]): string | null;
  /** The client whose session it is; null if there is none, if it is over, or if the client's key is no longer valid. */
  find<Client extends KeyHolder>(token: string, clients: readonly Client[]): Client | null;
}

/** How long a code may wait to be used. */
const codeMs = 60_000;
/** How long a session may last. */
export const sessionSeconds = 43_200;
/** Of these, the oldest go first. */
const mostTokens = 100;
/** No client can push out those of all others. */
const mostTokensOfClient = 10;

/** Creates the memory of codes and sessions. `nowMs`: milliseconds since 1970. */
export function createSignIns(nowMs: () => number): SignIns {
  const codes: Token[] = [];
  const sessions: Token[] = [];

  const add = (tokens: Token[], client: Pick<Token, "client" | "keyDigest">, lastsMs: number): string => {
    const text = crypto
      .getRandomValues(new Uint8Array(32))
      .toBase64({ alphabet: "base64url", omitPadding: true });
    makeRoom(tokens, client.client);
    tokens.push({ ...client, digest: digestOf(text), endsMs: nowMs() + lastsMs });
    return text;
  };

  return {
    createCode: ({ name, keyDigest }) => add(codes, { client: name, keyDigest }, codeMs),
    openSession(text, clients) {
      const code = findToken(codes, text);
      if (code === null) return null;
      // guard: one use of a code for the dashboard
      codes.splice(codes.indexOf(code), 1);
      const isLate = nowMs() >= code.endsMs;
      // guard: time of a code for the dashboard
      if (isLate) return null;
      return holderOf(code, clients) === null ? null : add(sessions, code, sessionSeconds * 1000);
    },
    find(text, clients) {
      const session = findToken(sessions, text);
      if (session === null) return null;
      const isOver = nowMs() >= session.endsMs;
      // guard: end of a session of the dashboard
      if (isOver) return null;
      return holderOf(session, clients);
    },
  };
}

/** The client of a token, as long as it has the key that it had then. */
function holderOf<Client extends KeyHolder>(token: Token, clients: readonly Client[]): Client | null {
  const named = clients.find(({ name }) => name === token.client);
  if (named === undefined) return null;
  // guard: key behind a session of the dashboard; without it: token.keyDigest !== ""
  const hasSameKey = crypto.timingSafeEqual(
    Buffer.from(named.keyDigest, "hex"),
    Buffer.from(token.keyDigest, "hex"),
  );
  return hasSameKey ? named : null;
}

/** Each is compared in constant time, and all of them: timing tells nothing of a token. */
function findToken(tokens: readonly Token[], text: string): Token | null {
  const digest = digestOf(text);
  let found: Token | null = null;
  for (const token of tokens) {
    // guard: constant time comparison of tokens of the dashboard; without it: digest.equals(token.digest)
    const isSame = crypto.timingSafeEqual(digest, token.digest);
    if (isSame) found = token;
  }
  return found;
}

function makeRoom(tokens: Token[], client: string): void {
  const own = tokens.filter((token) => token.client === client);
  // guard: number of sessions of the dashboard; without it: null
  const oldest = own.length >= mostTokensOfClient ? own[0] : tokens.length >= mostTokens ? tokens[0] : null;
  if (oldest != null) tokens.splice(tokens.indexOf(oldest), 1);
}

function digestOf(text: string): Buffer {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}
