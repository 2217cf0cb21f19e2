import { findRequestKind } from "../anthropic/request-kind.ts";
import { listSecrets } from "../config/list-upstreams.ts";
import { describeProtocol } from "../routing/describe-protocol.ts";
import { listTierRoutes, selectByTier } from "../routing/select-route.ts";
import { findSessionId } from "../translate/conversation/find-session-id.ts";
import { createSendBudget } from "../upstream/send-budget.ts";
import { countRequest } from "./count-request.ts";
import { settingOfModel } from "./model-setting.ts";
import { createModelWarner } from "./model-warner.ts";
import { openRoute } from "./open-route.ts";
import { createOwnKeys } from "./own-keys.ts";
import type { Relay } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";

/** Creates the relay to the only upstream, whose models the settings name by tier. */
export function createCarrier(deps: RelayDependencies): Relay {
  const { config } = deps;
  const warnOfUnknownModel = createModelWarner(deps.logger);
  const keys = createOwnKeys(listSecrets(config));
  const selectRoute = selectByTier(config, deps.routeTo);
  const [key = null] = deps.settings.keys;
  return {
    open(request, call) {
      const { fields } = call.exchange;
      const route = selectRoute(request.model);
      warnOfUnknownModel(request.model, route);
      fields.kind = findRequestKind(request);
      fields.clientModel = request.model;
      fields.upstreamModel = route.model;
      fields.stream = request.stream === true;
      fields.sessionId = call.sessionId ?? findSessionId(request);
      const budget = createSendBudget((taken) => {
        fields.attempts = taken;
      });
      const modelSetting = settingOfModel(route, config);
      return openRoute(deps, { request, route, modelSetting, key, keys, budget, ...call });
    },
    count(request, call) {
      const { fields } = call.exchange;
      const route = selectRoute(request.model);
      fields.clientModel = request.model;
      fields.upstreamModel = route.model;
      return countRequest(deps, { request, route, ...call });
    },
    describeProtocol: () => describeProtocol(listTierRoutes(selectRoute)),
  };
}
