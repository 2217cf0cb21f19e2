import { secretsOfUrl } from "../config/secrets-of-url.ts";
import { isUnguessable } from "../secrets/secret-form.ts";

/** Headers in which a client's own credential may reach an upstream. */
const credentialHeaders = ["authorization", "x-api-key"] as const;

/**
 * The keys in the head of a request that no setting knows, as a client's own credential is passed on, and the upstream
 * may repeat it. Placeholders are none: `claude-proxy` as a key would garble every text that names the program.
 */
export function listCallerSecrets({ headers, url }: Pick<Request, "headers" | "url">): string[] {
  const credentials = credentialHeaders.map((name) =>
    (headers.get(name) ?? "").trim().replace(/^(?:bearer|basic) +/i, ""),
  );
  const inQuery = url.includes("?") ? secretsOfUrl(url) : [];
  return [...new Set([...credentials, ...inQuery])].filter(isUnguessable);
}
