import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { listClients } from "../../config/list-upstreams.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import type { SignIns } from "./sign-ins.ts";

/** Who looks at the dashboard. */
export interface Viewer {
  /** The client whose requests he may see; null if he may see all. */
  readonly client: string | null;
}

/** The cookie with the token of a session. */
export const sessionCookie = "claude_proxy_dashboard";

/** Who asks, by the key or by the session of a request; null if neither is valid. Without clients anybody sees all. */
export function findViewer(c: Context<AppEnvironment>, signIns: SignIns): Viewer | null {
  const { config, clientCheck } = c.get("setup");
  if (clientCheck === null) return { client: null };
  const token = getCookie(c, sessionCookie);
  const client = c.get("client") ?? (token === undefined ? null : signIns.find(token, listClients(config)));
  // guard: session of the dashboard; without it: false
  if (client === null) return null;
  // guard: what a client without admin sees in the dashboard; without it: { client: null }
  return { client: client.admin ? null : client.name };
}
