import { type ClientHints, readClientHints } from "../anthropic/client-hints.ts";
import { ClientCredential } from "./client-credential.ts";

/** Headers that say who the client is. They stand nowhere but in `credential`. */
const credentialHeaders = ["authorization", "x-api-key"] as const;

/** Headers of a client that no upstream may see, whatever it is asked. */
const privateHeaders = [...credentialHeaders, "x-claude-proxy-key", "cookie", "proxy-authorization"] as const;

function isPrivate(name: string): boolean {
  return privateHeaders.some((one) => one === name);
}

/** What the head of a client's request says. Nothing is read before it is asked for: most upstreams need none of it. */
export interface ClientHead {
  /** The headers without credentials and cookies. */
  readonly headers: Headers;
  /** What the client says of the request. */
  readonly hints: ClientHints;
  /** The query with its question mark, as it came; `""` if there is none. It may carry keys. */
  readonly query: string;
  /** The client's own credential; null if it sent none, or only a key of ours. Always the same object. */
  readonly credential: ClientCredential | null;
  /** Of `headers`, those with the names that are wanted, in lower case. */
  pick(isWanted: (name: string) => boolean): Record<string, string>;
}

/**
 * Creates the head of a client's request.
 * @param isOwnKey whether clients are admitted by this key here: it is no upstream's credential
 */
export function createClientHead(request: Request, isOwnKey: (key: string) => boolean): ClientHead {
  return new RequestHead(request, isOwnKey);
}

class RequestHead implements ClientHead {
  readonly #request: Request;
  readonly #isOwnKey: (key: string) => boolean;
  #credential: ClientCredential | null | undefined;

  constructor(request: Request, isOwnKey: (key: string) => boolean) {
    this.#request = request;
    this.#isOwnKey = isOwnKey;
  }

  get headers(): Headers {
    const headers = new Headers(this.#request.headers);
    for (const name of privateHeaders) headers.delete(name);
    return headers;
  }

  get hints(): ClientHints {
    return readClientHints(this.#request.headers);
  }

  get query(): string {
    const { url } = this.#request;
    const start = url.indexOf("?");
    return start === -1 ? "" : url.slice(start);
  }

  get credential(): ClientCredential | null {
    this.#credential ??= this.#readCredential();
    return this.#credential;
  }

  pick(isWanted: (name: string) => boolean): Record<string, string> {
    const picked: Record<string, string> = {};
    const headers = this.#request.headers.toJSON();
    for (const name in headers) if (!isPrivate(name) && isWanted(name)) picked[name] = headers[name] ?? "";
    return picked;
  }

  #readCredential(): ClientCredential | null {
    const found = credentialHeaders.flatMap((name) => {
      const value = this.#request.headers.get(name)?.trim() ?? "";
      const secret = value.replace(/^bearer(?: +|$)/i, "");
      // guard: key of ours, which is no upstream's business; without it: secret === ""
      const isOwnKey = this.#isOwnKey(secret);
      return secret === "" || isOwnKey ? [] : [{ name, value, secret }];
    });
    return found.length === 0 ? null : new ClientCredential(found);
  }
}
