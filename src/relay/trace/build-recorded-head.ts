import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import type { RecordedHead } from "../../record/recorded-request.ts";
import type { SentMessage } from "../../upstream/send-watch.ts";

/** Headers that are told with their values, if no setting has added them. */
const toldHeaders = new Set([
  "content-type",
  "accept",
  "user-agent",
  "anthropic-version",
  "anthropic-beta",
  "http-referer",
  "x-title",
]);

/** Parts of a query that are told with their values: they never are keys. */
const toldQueryNames = new Set(["api-version"]);

/** Who asks, for the head of what is sent. */
export interface Asker {
  settings: Pick<UpstreamSettings, "headers">;
  /** Our key; null if none is sent. */
  key: string | null;
}

/**
 * The head of a request, as it may be stored and shown: `$UPSTREAM_KEY` stands for our key, `$HEADER` for what a setting
 * adds, whatever that is. A credential of the client does not appear at all, nor what is on no list here.
 */
export function buildRecordedHead(
  { url, headers }: Pick<SentMessage, "url" | "headers">,
  { settings, key }: Asker,
): RecordedHead {
  const told: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lowerName = name.toLowerCase();
    // A configured header may hold a key under any name.
    if (Object.hasOwn(settings.headers, lowerName)) told[lowerName] = "$HEADER";
    else if (toldHeaders.has(lowerName)) told[lowerName] = value;
    else if (key !== null && value === key) told[lowerName] = "$UPSTREAM_KEY";
    else if (key !== null && value === `Bearer ${key}`) told[lowerName] = "Bearer $UPSTREAM_KEY";
  }
  return { url: tellUrl(url), headers: told };
}

/** Without a user and password, and with `…` for the values of the query. */
function tellUrl({ origin, pathname, searchParams }: URL): string {
  const parts = [...searchParams].map(([name, value]) => {
    // A key may stand there without a name.
    if (value === "") return "…";
    return `${encodeURIComponent(name)}=${toldQueryNames.has(name) ? encodeURIComponent(value) : "…"}`;
  });
  return `${origin}${pathname}${parts.length === 0 ? "" : `?${parts.join("&")}`}`;
}
