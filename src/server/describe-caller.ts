import type { Context } from "hono";
import { createClientHead } from "../relay/client-head.ts";
import type { RelayCall } from "../relay/relay.ts";
import type { AppEnvironment } from "./middleware/request-context.ts";

/** What the relay is told of who asks. */
export function describeCaller(
  c: Context<AppEnvironment>,
): Pick<RelayCall, "exchange" | "head" | "client" | "sessionId"> {
  const { clientCheck } = c.get("setup");
  return {
    exchange: c.get("exchange"),
    head: createClientHead(c.req.raw, (text) => clientCheck?.isKey(text) ?? false),
    client: c.get("client") ?? null,
    sessionId: c.req.header("x-claude-code-session-id") ?? null,
  };
}
