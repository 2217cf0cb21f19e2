import type { ConversationRequest } from "../anthropic/messages-request.ts";
import { UnreadRequest } from "../anthropic/unread-request.ts";
import type { Repair } from "../protocols/protocol.ts";
import type { ModelRoute } from "../routing/route.ts";
import { readCountedInParts, readCountedRequest } from "../translate/conversation/read-counted-request.ts";
import { runSteps } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import { buildLarge } from "./build-large.ts";
import { countPassing } from "./open-passing.ts";
import type { RelayCall } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import { traceRoute } from "./trace/trace-route.ts";
import type { Wire } from "./wire.ts";

/** A request whose tokens are counted for one model of one upstream. */
export interface CountedRequest extends RelayCall {
  request: ConversationRequest | UnreadRequest;
  route: ModelRoute;
  /** The key with which the upstream is asked, if it is; null for none. */
  key: string | null;
}

/**
 * Counts the input tokens of a request: by its upstream where that gets requests as they are and counts, else here, as
 * the request would be sent. Throws ApiError.
 */
export async function countRequest(deps: RelayDependencies, counted: CountedRequest): Promise<number> {
  const { exchange, request, route, key } = counted;
  const { protocol } = route.profile;
  const watch = traceRoute(exchange, deps, route, key);
  if (protocol === "anthropic") {
    const told = await countPassing(deps, { ...counted, watch });
    if (told !== null) return told;
  }
  if (request instanceof UnreadRequest) throw request.fault;
  exchange.fields.protocol = protocol;
  // A request that is passed on is counted as Chat Completions would write it.
  const written = protocol === "anthropic" ? deps.routeTo(route.model, "chat") : route;
  return await deps.wires.use(written.profile.protocol, (wire) =>
    count(wire, deps, { ...counted, request, route: written }),
  );
}

async function count<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  { request, route, exchange, isLarge }: CountedRequest & { request: ConversationRequest },
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
  exchange.trace.estimatedTokens = tokens;
  return tokens;
}
