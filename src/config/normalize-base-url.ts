import { cutProtocolPath } from "./find-address-protocol.ts";

/** Either the usable address, or the fault in words that do not repeat the address: it may contain a password. */
export type NormalizedBaseUrl = { baseUrl: string } | { fault: string };

/**
 * Normalizes the upstream's address so that the path of a wire can be appended to its path: no trailing slash, no
 * `/chat/completions` or `/responses` copied from a manual, no `/v1/v1`. A query stays (Azure wants `?api-version=…`).
 * @param text the text set by the user
 */
export function normalizeBaseUrl(text: string): NormalizedBaseUrl {
  const url = URL.parse(text);
  if (url === null || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return { fault: "is not a complete address: it must begin with https:// or http://" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { fault: `must begin with https:// or http://, not with ${url.protocol}//` };
  }
  if (url.username !== "" || url.password !== "") {
    return { fault: "must not contain a user name or password: put the key into OPENAI_API_KEY" };
  }
  if (url.hash !== "") {
    return { fault: "must not have a fragment (#)" };
  }
  const path = cutProtocolPath(url.pathname).path.replace(/\/v1\/v1$/, "/v1");
  return { baseUrl: `${url.origin}${path}${url.search}` };
}

/** The end of a complete address of Anthropic's API. */
export const messagesPath = /(?:\/v1)?\/messages(?:\/count_tokens)?\/*$/;

/**
 * The address below which an upstream of Anthropic's wire has its paths. Clients of that API append `/v1/messages` to an
 * address, and those of the others only `/chat/completions`: one without a version gets it for Anthropic's wire alone.
 * @param baseUrl a normalized address
 */
export function addAnthropicVersion(baseUrl: string): string {
  const { origin, pathname, search } = new URL(baseUrl);
  const path = pathname.replace(messagesPath, "").replace(/\/+$/, "");
  return `${origin}${/\/v\d[^/]*$/.test(path) ? path : `${path}/v1`}${search}`;
}
