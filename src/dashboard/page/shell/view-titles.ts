import type { ViewName } from "./route.ts";

/** The names of the views, as they are read. */
export const viewTitles: Readonly<Record<ViewName, string>> = {
  now: "Now",
  requests: "Requests",
  sessions: "Sessions",
  usage: "Usage",
  upstreams: "Upstreams",
};
