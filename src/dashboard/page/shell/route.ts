export const viewNames = ["now", "requests", "sessions", "usage", "upstreams"] as const;

export type ViewName = (typeof viewNames)[number];

/** What is shown: a view, one thing in it, and how it is set. */
export interface Route {
  readonly view: ViewName;
  /** The request that is shown in full. */
  readonly id: string | null;
  /** The settings of the view that stand in the address: `filter`, `range`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads the part of the address behind `#`: `#/requests/ID?filter=is:error`. What it does not know shows the requests. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#?\/?/, ""), "?");
  const [name = "", id = ""] = splitOnce(path, "/");
  const view = viewNames.find((known) => known === name) ?? "requests";
  const settings = Object.fromEntries(new URLSearchParams(query));
  return { view, id: view === "requests" && id !== "" ? decodePart(id) : null, settings };
}

/** The address of a route, from `#` on. */
export function formatRoute({
  view,
  id = null,
  settings = {},
}: Partial<Route> & Pick<Route, "view">): string {
  const query = new URLSearchParams(Object.entries(settings).filter(([, value]) => value !== ""));
  const path = id === null ? view : `${view}/${encodeURIComponent(id)}`;
  return `#/${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** The address of the list with this filter. */
export function formatFilterRoute(filter: string): string {
  return formatRoute({ view: "requests", settings: { filter } });
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
