import type { Context } from "hono";
import { listClients } from "../config/list-upstreams.ts";
import { createClientHead } from "../relay/client-head.ts";
import type { RelayCall } from "../relay/relay.ts";
import type { AppEnvironment } from "./middleware/request-context.ts";

/** What the relay is told of who asks. */
export function describeCaller(
  c: Context<AppEnvironment>,
): Pick<RelayCall, "exchange" | "head" | "client" | "sessionId"> {
  const { config } = c.get("setup");
  const listOwnKeys = () => listClients(config).map(({ key }) => key);
  return {
    exchange: c.get("exchange"),
    head: createClientHead(c.req.raw, listOwnKeys),
    client: c.get("client") ?? null,
    sessionId: c.req.header("x-claude-code-session-id") ?? null,
  };
}
