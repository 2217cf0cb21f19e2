import { onlyUpstream } from "../../config/list-upstreams.ts";
import type { UpstreamSettings } from "../../config/upstream-settings.ts";

/** Why there is no list of models. */
type ListFault =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "unreachable"; readonly code: string }
  | { readonly kind: "late" }
  | { readonly kind: "strange" }
  /** It takes the login of each client, and we have none. */
  | { readonly kind: "no key" };

/** Says why an upstream told no models, and what to do: without an address beyond its host, and without a key. */
export function explainListFault(fault: ListFault, { name, baseUrl, keys }: UpstreamSettings): string {
  const { host } = new URL(baseUrl);
  const isOnly = name === onlyUpstream;
  const [address, key] = isOnly
    ? ["BASE_URL", "OPENAI_API_KEY"]
    : [`upstreams.${name}.url`, `upstreams.${name}.key`];
  switch (fault.kind) {
    case "status":
      return `${host} answered ${fault.status}. ${adviseOnStatus(fault.status, { address, key, hasKey: keys.length > 0 })}`;
    case "unreachable":
      return `${host} cannot be reached (${fault.code}). Is the server running, and is ${address} right?`;
    case "late":
      return `${host} did not answer in time. Try again later.`;
    case "strange":
      return `${host} answered with something else than a list of models. Check ${address}.`;
    case "no key":
      return `${host} takes the login of each client, so there is no key to ask for its list with.`;
  }
}

function adviseOnStatus(
  status: number,
  { address, key, hasKey }: { address: string; key: string; hasKey: boolean },
): string {
  if (status === 401 || status === 403) return hasKey ? `Check ${key}.` : `It needs a key: set ${key}.`;
  if (status === 404 || status === 405) return `It has no list there. Check ${address}.`;
  if (status >= 300 && status < 400) return `It wants to be asked elsewhere. Check ${address}.`;
  return "Try again later.";
}
