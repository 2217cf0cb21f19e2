import { findPurpose, findRequestKind } from "../anthropic/request-kind.ts";
import { UnreadRequest } from "../anthropic/unread-request.ts";
import { listSecrets } from "../config/list-upstreams.ts";
import { describeProtocol } from "../routing/describe-protocol.ts";
import { listTierRoutes, selectByTier } from "../routing/select-route.ts";
import { countRequest } from "./count-request.ts";
import { clientsChoice, settingOfModel } from "./model-setting.ts";
import { createModelWarner } from "./model-warner.ts";
import { nameUpstream } from "./name-upstream.ts";
import { createNotedBudget } from "./noted-budget.ts";
import { openRoute } from "./open-route.ts";
import { createOwnKeys } from "./own-keys.ts";
import { modelOf, sessionOf, wantsStream, withoutUnread } from "./read-unread.ts";
import type { Carrier } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import { traceCaller } from "./trace/trace-caller.ts";

/** Creates the relay to the only upstream, whose models the settings name by tier. */
export function createCarrier(deps: RelayDependencies): Carrier {
  const { config } = deps;
  const warnOfUnknownModel = createModelWarner(deps.logger);
  const keys = createOwnKeys(listSecrets(config));
  const selectRoute = selectByTier(config, deps.routeTo);
  const [key = null] = deps.settings.keys;
  return {
    takesUnread: deps.settings.protocol === "anthropic",
    open(request, call) {
      const { fields, trace } = call.exchange;
      const { hints } = call.head;
      const model = modelOf(request);
      const route = selectRoute(model);
      warnOfUnknownModel(model, route);
      fields.kind = request instanceof UnreadRequest ? null : findRequestKind(request);
      fields.clientModel = model;
      fields.upstreamModel = route.model;
      fields.stream = wantsStream(request);
      fields.sessionId = call.sessionId ?? sessionOf(request);
      const admitted = call.admitTarget?.(route);
      const budget = createNotedBudget(fields);
      const modelSetting = settingOfModel(route, config);
      const read = withoutUnread(request);
      traceCaller(trace, hints, read, findPurpose(read, hints));
      trace.rule = modelSetting ?? clientsChoice;
      const open = () => openRoute(deps, { request, route, modelSetting, key, keys, budget, ...call });
      return admitted instanceof Promise ? admitted.then(open) : open();
    },
    count(request, call) {
      const { fields, trace } = call.exchange;
      const model = modelOf(request);
      const route = selectRoute(model);
      fields.clientModel = model;
      fields.upstreamModel = route.model;
      traceCaller(trace, call.head.hints, withoutUnread(request), "count");
      trace.rule = settingOfModel(route, config) ?? clientsChoice;
      return countRequest(deps, { request, route, key, ...call });
    },
    nameUpstream: () => nameUpstream(deps, selectRoute("").profile),
    describeProtocol: () => describeProtocol(listTierRoutes(selectRoute)),
  };
}
