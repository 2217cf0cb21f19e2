import type { Budgets, PricedTarget } from "../budget/budgets.ts";
import { onlyUpstream } from "../config/list-upstreams.ts";
import { sessionOf } from "../relay/read-unread.ts";
import type { MessagesCall, Relay, RelayCall } from "../relay/relay.ts";
import type { ModelRoute } from "../routing/route.ts";

/**
 * Throws the ApiError for a request of somebody whose cap is reached.
 * @returns what the relay has to ask before the request is sent; nothing if it may be sent to any target
 */
export async function admitSpender(
  budgets: Budgets,
  relay: Relay,
  request: Parameters<Relay["open"]>[0],
  { client, sessionId }: Pick<RelayCall, "client" | "sessionId">,
): Promise<Pick<MessagesCall, "admitTarget">> {
  const admit = await budgets.admit({
    client: client?.name ?? null,
    sessionId: sessionId ?? sessionOf(request),
  });
  return admit === null ? {} : { admitTarget: (route) => admit(describeTarget(route, relay)) };
}

function describeTarget({ upstream, model, profile }: ModelRoute, { priceOf }: Relay): PricedTarget {
  return {
    name: upstream === onlyUpstream ? model : `${upstream}/${model}`,
    price: priceOf?.({ upstream, model }) ?? null,
    tellsCost: profile.traits.answer.tellsCost,
  };
}
