import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import type { ServerToolWish, WebSearchWish } from "../../../translate/tools/server-tool-wish.ts";
import type { ServerTool } from "../chat-request.ts";

/** A tool that the upstream runs, in OpenRouter's form (rule 1.3). */
export function convertServerTool(tool: ServerToolWish): ServerTool {
  if (tool.type === "web_fetch") return { type: "openrouter:web_fetch" };
  const parameters = Object.fromEntries(
    [
      ["allowed_domains", tool.allowedDomains],
      ["excluded_domains", tool.blockedDomains],
      ["max_uses", tool.maxUses],
      ["user_location", tool.userLocation],
    ].filter(([, value]) => value !== undefined && value !== null),
  );
  return { type: "openrouter:web_search", ...(Object.keys(parameters).length > 0 && { parameters }) };
}

/** The settings for OpenAI's search models, which always search: `web_search_options` (rule 1.3). */
export function convertStandingSearch({ userLocation }: WebSearchWish): JsonObject {
  if (!isJsonObject(userLocation)) return {};
  const { type: _, ...approximate } = userLocation;
  return { user_location: { type: "approximate", approximate } };
}
