import type { RequestTool } from "../../anthropic/messages-request.ts";

/** A wish to search the web. What narrows it is as the client sent it, undefined or null for nothing. */
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

/** A tool that runs at the real API and that this upstream runs as well. */
export type ServerToolWish = WebSearchWish | WebFetchWish;

/** Reads what is asked of a `web_search_…` tool. */
export function readWebSearch(tool: RequestTool): WebSearchWish {
  return {
    type: "web_search",
    allowedDomains: tool["allowed_domains"],
    blockedDomains: tool["blocked_domains"],
    maxUses: tool["max_uses"],
    userLocation: tool["user_location"],
  };
}
