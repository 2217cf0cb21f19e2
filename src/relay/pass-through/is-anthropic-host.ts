import { findKnownUpstream } from "../../profiles/known-upstreams.ts";

/** Whether requests to this base URL go to Anthropic itself. */
export function isAnthropicHost(baseUrl: string): boolean {
  return findKnownUpstream(new URL(baseUrl).hostname)?.host === "api.anthropic.com";
}
