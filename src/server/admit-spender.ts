import type { Budgets, PricedTarget } from "../budget/budgets.ts";
import { onlyUpstream } from "../config/list-upstreams.ts";
import { sessionOf } from "../relay/read-unread.ts";
import type { MessagesCall, Relay, RelayCall } from "../relay/relay.ts";
import type { ModelRoute } from "../routing/route.ts";

/**
 * Whether somebody may spend more.
 * @returns what the relay has to ask before the request is sent: it throws the ApiError for somebody whose cap is reached.
 *   Nothing if the request may be sent to any target
 */
export async function admitSpender(
  budgets: Budgets,
  relay: Relay,
  request: Parameters<Relay["open"]>[0],
  { client, sessionId }: Pick<RelayCall, "client" | "sessionId">,
): Promise<Pick<MessagesCall, "admitTarget">> {
  const spender = { client: client?.name ?? null, sessionId: sessionId ?? sessionOf(request) };
  try {
    const admit = await budgets.admit(spender);
    return admit === null ? {} : { admitTarget: (route) => admit(describeTarget(route, relay)) };
  } catch (refusal) {
    // Not at once: first the relay notes whose request it is, and what it asks for, so that the record can tell.
    return {
      admitTarget: () => {
        throw refusal;
      },
    };
  }
}

function describeTarget({ upstream, model, profile }: ModelRoute, { priceOf }: Relay): PricedTarget {
  return {
    name: upstream === onlyUpstream ? model : `${upstream}/${model}`,
    price: priceOf({ upstream, model }),
    tellsCost: profile.traits.answer.tellsCost,
  };
}
