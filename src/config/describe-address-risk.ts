import { findKnownServer } from "../profiles/known-upstreams.ts";
import { isPrivateHost } from "./is-private-host.ts";

/** Endings of complete API addresses, to which the path of no wire must be appended. */
const endpoint = /\/(?:completions|messages|models|embeddings|chat|generate)$/;

/**
 * A line about an address that will probably not work, with the one that probably does; null for a good one.
 * @param url a base URL, normalized
 * @param name what the user has set, with which the line begins
 */
export function describeAddressRisk(url: URL, name = "BASE_URL"): string | null {
  const path = url.pathname.replace(/\/$/, "");
  const known = findKnownServer(url.hostname);
  // A company may have other paths below its usual ones, such as that of a plan.
  if (known?.paths.includes(path) === true) return null;
  const [usual] = known?.paths ?? [];
  const isTooShort = known?.paths.some((right) => right.startsWith(path)) === true;
  if (usual !== undefined && known !== null && (isTooShort || path === "/v1" || endpoint.test(path))) {
    return `${name} is probably wrong: ${url.hostname} answers at ${url.protocol}//${url.host}${usual}`;
  }
  if (endpoint.test(path)) {
    return `${name} ends in ${endpoint.exec(path)?.[0]}, and the path of the API is appended to that: try ${url.origin}${path.replace(endpoint, "")} if requests fail with 404.`;
  }
  if (path === "" && known === null) {
    return `${name} has no path. Most servers need one: try ${url.origin}/v1 if requests fail with 404.`;
  }
  return path === "/api" && isPrivateHost(url.hostname)
    ? `${name} ends in /api, where Ollama serves another API: try ${url.origin}/v1 if requests fail with 404.`
    : null;
}
