import { secretsOfUrl } from "../config/secrets-of-url.ts";
import { isUnguessable } from "../secrets/secret-form.ts";

/** Headers in which a client's own credential may reach an upstream. */
const credentialHeaders = ["authorization", "x-api-key"] as const;

/** So many heads are remembered: a caller sends the same keys with each request. */
const mostHeads = 100;

/**
 * Creates what lists the keys in the head of a request that no setting knows. Requests with the same head get the same
 * list.
 */
export function createCallerSecrets(): (request: Pick<Request, "headers" | "url">) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (request) => {
    const { headers, url } = request;
    if (url.includes("?")) return listCallerSecrets(request);
    const head = credentialHeaders.map((name) => headers.get(name) ?? "").join("\n");
    const found = known.get(head);
    if (found !== undefined) return found;
    const secrets = listCallerSecrets(request);
    if (known.size >= mostHeads) known.clear();
    known.set(head, secrets);
    return secrets;
  };
}

/**
 * The keys in the head of a request that no setting knows, as a client's own credential is passed on, and the upstream
 * may repeat it. Placeholders are none: `claude-proxy` as a key would garble every text that names the program.
 */
function listCallerSecrets({ headers, url }: Pick<Request, "headers" | "url">): string[] {
  const credentials = credentialHeaders.map((name) =>
    (headers.get(name) ?? "").trim().replace(/^(?:bearer|basic) +/i, ""),
  );
  const inQuery = url.includes("?") ? secretsOfUrl(url) : [];
  return [...new Set([...credentials, ...inQuery])].filter(isUnguessable);
}
