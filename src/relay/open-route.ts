import type { MessagesRequest } from "../anthropic/messages-request.ts";
import { UnreadRequest } from "../anthropic/unread-request.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { BuiltRequest, Recovery, Repair } from "../protocols/protocol.ts";
import type { ModelRoute } from "../routing/route.ts";
import { isProtocolFixed } from "../routing/route-model.ts";
import type { Asked } from "../translate/conversation/asked.ts";
import { readInParts, readRequest } from "../translate/conversation/read-request.ts";
import { runSteps } from "../turns/run-steps.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import type { SendWatch } from "../upstream/send-watch.ts";
import { buildLarge } from "./build-large.ts";
import { type OpenAnswerOptions, openAnswer } from "./open-answer.ts";
import { openPassing } from "./open-passing.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { MessagesCall } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";
import { traceRoute } from "./trace/trace-route.ts";
import type { Wire } from "./wire.ts";
import { WireSwitch } from "./wire-switch.ts";

/** A messages request on its way to one model of one upstream. */
export interface RoutedRequest extends MessagesCall {
  request: MessagesRequest | UnreadRequest;
  route: ModelRoute;
  /** What names the model in the configuration, for messages; null if the client did. */
  modelSetting: string | null;
  /** The key with which the upstream is asked; null for none. */
  key: string | null;
  /** Keeps our keys out of what the client hears. */
  keys: OwnKeys;
  /** The sends that are left for the client's request. */
  budget: SendBudget;
}

interface CarriedRequest extends RoutedRequest, Pick<OpenAnswerOptions<object>, "leavesRepair"> {
  request: MessagesRequest;
  /** Is told of each send. */
  watch: SendWatch;
}

/**
 * Opens the answer of one upstream to a request. On a wire that nobody has named, the upstream may want another one.
 * Throws ApiError for a request that the upstream cannot serve.
 */
export function openRoute(
  deps: RelayDependencies,
  routed: RoutedRequest,
): RelayedAnswer | Promise<RelayedAnswer> {
  const { request, exchange, route, key } = routed;
  const watch = traceRoute(exchange, deps, route, key);
  exchange.trace.price = deps.priceOf(route.model);
  if (route.profile.protocol === "anthropic") return openPassing(deps, { ...routed, watch });
  if (request instanceof UnreadRequest) throw request.fault;
  const carried = { ...routed, request, watch, leavesRepair: null };
  return isProtocolFixed(route) ? openOnWire(deps, carried) : openSwitchable(deps, carried);
}

/** Opens the answer on the wire of the route. */
function openOnWire(
  deps: RelayDependencies,
  carried: CarriedRequest,
): RelayedAnswer | Promise<RelayedAnswer> {
  const { exchange, route } = carried;
  const { protocol } = route.profile;
  exchange.fields.protocol = protocol;
  return deps.wires.use(protocol, (wire) => open(wire, deps, carried));
}

/** The same for a wire that nobody has named: the upstream may want another one. */
function openSwitchable(
  deps: RelayDependencies,
  carried: CarriedRequest,
): RelayedAnswer | Promise<RelayedAnswer> {
  const { exchange, route, budget } = carried;
  const { memory, logger, routeTo } = deps;
  const openOn = (protocol: ProtocolId) =>
    openOnWire(deps, { ...carried, route: routeTo(route.model, protocol) });
  const wireSwitch = new WireSwitch({ exchange, route, budget, memory, logger, openOn });
  const first = openOnWire(deps, { ...carried, leavesRepair: wireSwitch.leavesRepair });
  return first instanceof Promise
    ? first.then((answer) => wireSwitch.begin(answer))
    : wireSwitch.begin(first);
}

/** A request that is not large is read and built at once: every turn of the event loop costs a small one two percent. */
function open<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  carried: CarriedRequest,
): RelayedAnswer | Promise<RelayedAnswer> {
  if (carried.isLarge) return openLarge(wire, deps, carried);
  const { profile } = carried.route;
  const asked = readRequest(carried.request, { profile, maxOutputTokens: deps.config.maxOutputTokens });
  return openBuilt(wire, deps, carried, { asked, built: wire.protocol.build(asked, carried.route) });
}

async function openLarge<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  carried: CarriedRequest,
): Promise<RelayedAnswer> {
  const { takeTurn, config } = deps;
  const how = { profile: carried.route.profile, maxOutputTokens: config.maxOutputTokens };
  const asked = await runSteps(readInParts(carried.request, how), takeTurn);
  const built = await buildLarge(wire, asked, carried.route, takeTurn);
  return openBuilt(wire, deps, carried, { asked, built });
}

function openBuilt<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  carried: CarriedRequest,
  { asked, built }: { asked: Asked; built: BuiltRequest<Body> },
): RelayedAnswer {
  const { request, route, keys, exchange, isLarge, bodyBytes } = carried;
  const { model, profile } = route;
  exchange.fields.dropped = built.dropped;
  exchange.fields.repairs = built.mended;
  return openAnswer(wire, deps, {
    keys,
    filterEvents: keys.createEventFilter(bodyBytes),
    exchange,
    route,
    modelSetting: carried.modelSetting,
    key: carried.key,
    budget: carried.budget,
    watch: carried.watch,
    leavesRepair: carried.leavesRepair,
    built,
    rebuild: (recovery: Recovery) => wire.protocol.build(asked, { model, profile, ...recovery }),
    addsUsage: carried.addsUsage,
    clientSignal: carried.signal,
    asksForNothing: request.max_tokens === 0,
    runStep: isLarge ? deps.takeTurn : null,
  });
}
