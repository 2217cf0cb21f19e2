import type { CountTokensRequest, MessagesRequest } from "../anthropic/messages-request.ts";
import { findRequestKind } from "../anthropic/request-kind.ts";
import type { Recovery, Repair, Target } from "../protocols/protocol.ts";
import type { Route } from "../routing/route.ts";
import { findSessionId } from "../translate/conversation/find-session-id.ts";
import { runSteps } from "../turns/run-steps.ts";
import { runNow } from "../turns/turns.ts";
import { createModelWarner } from "./model-warner.ts";
import { openAnswer } from "./open-answer.ts";
import { createOwnKeys, type OwnKeys } from "./own-keys.ts";
import type { MessagesCall, Relay, RelayCall } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";
import type { Wire } from "./wire.ts";

/** Creates what carries requests with these parts. */
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
      return deps.wire((wire) => open(wire, deps, { request, route, keys, ...call }));
    },
    count(request, call) {
      const { fields } = call.exchange;
      const route = deps.selectRoute(request.model);
      fields.clientModel = request.model;
      fields.upstreamModel = route.model;
      return deps.wire((wire) => count(wire, deps, { request, route, ...call }));
    },
  };
}

async function open<Body extends object, Item, Fix extends Repair>(
  wire: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  { request, route, keys, ...call }: MessagesCall & { request: MessagesRequest; route: Route; keys: OwnKeys },
): Promise<RelayedAnswer> {
  const { protocol } = wire;
  const { exchange, isLarge } = call;
  const target = createTarget(deps, route);
  const build = (recovery: Recovery = {}) => protocol.build(request, { ...target, ...recovery });
  const built = isLarge ? await runSteps(protocol.buildInParts(request, target), deps.takeTurn) : build();
  exchange.fields.dropped = built.dropped;
  exchange.fields.repairs = built.repairs;
  return openAnswer(wire, deps, {
    keys,
    filterEvents: keys.createEventFilter(call.bodyBytes),
    exchange,
    route,
    built,
    rebuild: build,
    addsUsage: call.addsUsage,
    clientSignal: call.signal,
    asksForNothing: request.max_tokens === 0,
    runStep: isLarge ? deps.takeTurn : null,
  });
}

async function count<Body extends object, Item, Fix extends Repair>(
  { protocol }: Wire<Body, Item, Fix>,
  deps: RelayDependencies,
  { request, route, exchange, isLarge }: RelayCall & { request: CountTokensRequest; route: Route },
): Promise<number> {
  const target = createTarget(deps, route);
  // Of which only the prompt is of interest.
  const asked = { ...request, max_tokens: target.maxOutputTokens };
  const { body } = isLarge
    ? await runSteps(protocol.buildInParts(asked, target), deps.takeTurn)
    : protocol.build(asked, target);
  const runStep = isLarge ? deps.takeTurn : runNow;
  const { tokens } = await runStep(() => deps.tokens.countParts(route.model, protocol.listParts(body)));
  exchange.fields.inputTokens = tokens;
  return tokens;
}

function createTarget({ config }: RelayDependencies, { model, profile }: Route): Target {
  return { model, profile, maxOutputTokens: config.maxOutputTokens };
}
