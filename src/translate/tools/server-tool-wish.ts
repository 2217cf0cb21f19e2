import type { RequestTool } from "../../anthropic/messages-request.ts";

/** A request to search the web. Restrictions are as the client sent them, undefined or null for none. */
export interface WebSearchWish {
  type: "web_search";
  allowedDomains: unknown;
  blockedDomains: unknown;
  maxUses: unknown;
  userLocation: unknown;
}

export interface WebFetchWish {
  type: "web_fetch";
}

/** A tool that runs at the real API and that this upstream can also run. */
export type ServerToolWish = WebSearchWish | WebFetchWish;

/** Reads the restrictions of a `web_search_…` tool. */
export function readWebSearch(tool: RequestTool): WebSearchWish {
  return {
    type: "web_search",
    allowedDomains: tool["allowed_domains"],
    blockedDomains: tool["blocked_domains"],
    maxUses: tool["max_uses"],
    userLocation: tool["user_location"],
  };
}
