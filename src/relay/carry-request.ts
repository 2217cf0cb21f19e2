import type { ConversationRequest, MessagesRequest } from "../anthropic/messages-request.ts";
import { findRequestKind } from "../anthropic/request-kind.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { BuiltRequest, Recovery, Repair } from "../protocols/protocol.ts";
import { describeProtocol } from "../routing/describe-protocol.ts";
import type { Route } from "../routing/route.ts";
import { isProtocolFixed, listTierRoutes } from "../routing/select-route.ts";
import type { Asked } from "../translate/conversation/asked.ts";
import { findSessionId } from "../translate/conversation/find-session-id.ts";
import { readCountedInParts, readCountedRequest } from "../translate/conversation/read-counted-request.ts";
import { readInParts, readRequest } from "../translate/conversation/read-request.ts";
import { runSteps, type StepRunner } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import { createSendBudget } from "../upstream/send-budget.ts";
import { createModelWarner } from "./model-warner.ts";
import { type OpenAnswerOptions, openAnswer } from "./open-answer.ts";
import { createOwnKeys, type OwnKeys } from "./own-keys.ts";
import type { MessagesCall, Relay, RelayCall } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";
import type { Wire } from "./wire.ts";
import { WireSwitch } from "./wire-switch.ts";

/** Creates the relay from these parts. */
export function createCarrier(deps: RelayDependencies): Relay {
  const warnOfUnknownModel = createModelWarner(deps.logger);
  const keys = createOwnKeys(deps.config);
  return {
    open(request, call) {
      const { fields } = call.exchange;
      const route = deps.selectRoute(request.model);
      warnOfUnknownModel(request.model, route);
      fields.kind = findRequestKind(request);
      fields.clientModel = request.model;
      fields.upstreamModel = route.model;
      fields.stream = request.stream === true;
      fields.sessionId = call.sessionId ?? findSessionId(request);
      const budget = createSendBudget((taken) => {
        fields.attempts = taken;
      });
      const carried = { request, route, keys, budget, leavesRepair: null, ...call };
      return isProtocolFixed(route) ? openRoute(deps, carried) : openSwitchable(deps, carried);
    },
    count(request, call) {
      const { fields } = call.exchange;
      const route = deps.selectRoute(request.model);
      fields.clientModel = request.model;
      fields.upstreamModel = route.model;
      const { protocol } = route.profile;
      fields.protocol = protocol;
      return deps.wires.use(protocol, (wire) => count(wire, deps, { request, route, ...call }));
    },
    describeProtocol: () => describeProtocol(listTierRoutes(deps.selectRoute)),
  };
}

/** A messages request on its way to the upstream of its route. */
interface CarriedRequest extends MessagesCall, Pick<OpenAnswerOptions<object>, "budget" | "leavesRepair"> {
  request: MessagesRequest;
  route: Route;
  keys: OwnKeys;
}

/** Opens the answer on the wire of the route. */
function openRoute(deps: RelayDependencies, carried: CarriedRequest): RelayedAnswer | Promise<RelayedAnswer> {
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
  const { request, exchange, route, budget } = carried;
  const { memory, logger, selectRoute } = deps;
  const openOn = (protocol: ProtocolId) =>
    openRoute(deps, { ...carried, route: selectRoute(request.model, protocol) });
  const wireSwitch = new WireSwitch({ exchange, route, budget, memory, logger, openOn });
  const first = openRoute(deps, { ...carried, leavesRepair: wireSwitch.leavesRepair });
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
  {
    request,
    route,
    keys,
    budget,
    leavesRepair,
    exchange,
    isLarge,
    bodyBytes,
    addsUsage,
    signal,
  }: CarriedRequest,
  { asked, built }: { asked: Asked; built: BuiltRequest<Body> },
): RelayedAnswer {
  const { model, profile } = route;
  exchange.fields.dropped = built.dropped;
  exchange.fields.repairs = built.mended;
  return openAnswer(wire, deps, {
    keys,
    filterEvents: keys.createEventFilter(bodyBytes),
    exchange,
    route,
    budget,
    leavesRepair,
    built,
    rebuild: (recovery: Recovery) => wire.protocol.build(asked, { model, profile, ...recovery }),
    addsUsage,
    clientSignal: signal,
    asksForNothing: request.max_tokens === 0,
    runStep: isLarge ? deps.takeTurn : null,
  });
}

async function count<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  { request, route, exchange, isLarge }: RelayCall & { request: ConversationRequest; route: Route },
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

function buildLarge<Body extends object, Item, Fix extends Repair>(
  { protocol }: Wire<Body, Item, Fix>,
  asked: Asked,
  { model, profile }: Route,
  takeTurn: StepRunner,
): Promise<BuiltRequest<Body>> {
  return runSteps(protocol.buildInParts(asked, { model, profile }), takeTurn);
}
