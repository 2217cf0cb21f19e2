import type { UpstreamSettings } from "../config/upstream-settings.ts";
import { redactSecrets } from "../secrets/redact-secrets.ts";
import { createSecretFinder } from "../secrets/secret-finder.ts";

/** One header of a credential. */
interface CredentialHeader {
  readonly name: string;
  /** As it came. */
  readonly value: string;
  /** The value without the name of its scheme. */
  readonly secret: string;
}

/**
 * The credential that a client sent with its request. Only one upstream can get it: the first that asks, and only one
 * whose settings pass it on. It shows in no JSON and in no log, because nothing of it is a public member.
 */
export class ClientCredential {
  readonly #headers: readonly CredentialHeader[];
  #upstream: string | null = null;

  constructor(headers: readonly CredentialHeader[]) {
    this.#headers = headers;
  }

  /**
   * The headers for the upstream, as they came, or null if another upstream has got them. Throws for an upstream that
   * does not take the client's credential.
   */
  headersFor({ name, passesClientKey }: Pick<UpstreamSettings, "name" | "passesClientKey">): Headers | null {
    if (!passesClientKey) throw new Error(`${name} may not get the credential of a client`);
    this.#upstream ??= name;
    // guard: a client's credential goes to one upstream only
    if (this.#upstream !== name) return null;
    return new Headers(this.#headers.map(({ name: header, value }): [string, string] => [header, value]));
  }

  /** The text without the credential, however it is encoded there. */
  redact(text: string): string {
    const finder = createSecretFinder(this.#headers.map(({ secret }) => secret));
    return finder === null ? text : redactSecrets(text, finder, "…");
  }
}
