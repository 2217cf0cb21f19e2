import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import type { ResponsesToolDialect } from "../../../profiles/responses-dialect.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { WebSearchWish } from "../../../translate/tools/server-tool-wish.ts";
import type { WebSearchTool } from "../responses-request.ts";

type SearchForm = ResponsesToolDialect["webSearch"];

/** The longest lists of domains. */
const mostDomains = { openai: 100, xai: 5, bare: 0 } as const satisfies Record<SearchForm, number>;

/** The search that the upstream runs, with the restrictions that it knows (rule 21.1); notes all others. */
export function convertWebSearch(wish: WebSearchWish, form: SearchForm, notes: RequestNotes): WebSearchTool {
  const allowed = readDomains(wish.allowedDomains, "allowed_domains", form, notes);
  const blocked = readDomains(wish.blockedDomains, "blocked_domains", form, notes);
  // xAI takes only one of the two.
  const isOneTooMany = form === "xai" && allowed !== null && blocked !== null;
  if (isOneTooMany) notes.dropped.add("tools.web_search.blocked_domains");
  const blockedName = form === "xai" ? "excluded_domains" : "blocked_domains";
  const filters: JsonObject = {
    ...(allowed !== null && { allowed_domains: allowed }),
    ...(blocked !== null && !isOneTooMany && { [blockedName]: blocked }),
  };
  const location = isJsonObject(wish.userLocation) ? wish.userLocation : null;
  const sendsLocation = form === "openai" && location !== null;
  if (location !== null && !sendsLocation) notes.dropped.add("tools.web_search.user_location");
  return {
    type: "web_search",
    ...(Object.keys(filters).length > 0 && { filters }),
    ...(sendsLocation && { user_location: { ...location, type: "approximate" } }),
  };
}

function readDomains(
  value: unknown,
  name: "allowed_domains" | "blocked_domains",
  form: SearchForm,
  notes: RequestNotes,
): string[] | null {
  const domains = Array.isArray(value) ? value.filter((domain) => typeof domain === "string") : [];
  const sent = domains.slice(0, mostDomains[form]);
  if (sent.length < domains.length) notes.dropped.add(`tools.web_search.${name}`);
  return sent.length === 0 ? null : sent;
}

/** `max_tool_calls` for a search that is the only tool; null if the upstream cannot be told. */
export function readMostSearches(
  { maxUses }: WebSearchWish,
  isOnlyTool: boolean,
  form: SearchForm,
  notes: RequestNotes,
): number | null {
  if (typeof maxUses !== "number" || !Number.isInteger(maxUses) || maxUses < 1) return null;
  if (isOnlyTool && form !== "bare") return maxUses;
  notes.dropped.add("tools.web_search.max_uses");
  return null;
}
