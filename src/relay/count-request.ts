import type { ConversationRequest } from "../anthropic/messages-request.ts";
import type { Repair } from "../protocols/protocol.ts";
import type { ModelRoute } from "../routing/route.ts";
import { readCountedInParts, readCountedRequest } from "../translate/conversation/read-counted-request.ts";
import { runSteps } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import { buildLarge } from "./build-large.ts";
import type { RelayCall } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { Wire } from "./wire.ts";

/** A request whose tokens are counted for one model of one upstream. */
export interface CountedRequest extends RelayCall {
  request: ConversationRequest;
  route: ModelRoute;
}

/** Counts the input tokens of a request here, as it would be sent on the wire of its route. */
export async function countRequest(deps: RelayDependencies, counted: CountedRequest): Promise<number> {
  const { exchange, route } = counted;
  const { protocol } = route.profile;
  exchange.fields.protocol = protocol;
  return await deps.wires.use(protocol, (wire) => count(wire, deps, counted));
}

async function count<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  { request, route, exchange, isLarge }: CountedRequest,
): Promise<number> {
  const { protocol } = wire;
  const { takeTurn, tokens: counter } = deps;
  const how = { profile: route.profile, maxOutputTokens: deps.config.maxOutputTokens };
  const asked = isLarge
    ? await runSteps(readCountedInParts(request, how), takeTurn)
    : readCountedRequest(request, how);
  const { body } = isLarge ? await buildLarge(wire, asked, route, takeTurn) : protocol.build(asked, route);
  const runStep = isLarge ? takeTurn : runNow;
  const { tokens } = await runStep(() => counter.countParts(route.model, protocol.listParts(body)));
  exchange.fields.inputTokens = tokens;
  return tokens;
}
