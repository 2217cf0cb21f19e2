import type { Config } from "../config/config.ts";
import { onlyUpstream } from "../config/list-upstreams.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { Route, Tier } from "./route.ts";
import { createModelRouter, type ModelRouter, type RoutingKnowledge } from "./route-model.ts";

type RoutingConfig = Pick<
  Config,
  | "bigModelName"
  | "mediumModelName"
  | "smallModelName"
  | "upstreamProfile"
  | "upstreamProtocol"
  | "addressProtocol"
  | "baseUrl"
>;

/**
 * Returns the route of a requested model id; never refuses one. `protocol`: the wire to ask on, whatever suits or was
 * learned.
 */
export type RouteSelector = (requestedModel: string, protocol?: ProtocolId) => Route;

const longContextSuffix = /\[1m\]$/i;
const smallModel = /haiku/i;
const mediumModel = /sonnet/i;
const bigModel = /opus|fable|mythos/i;

/** Creates the selector of rule 1.1 `model`, for the settings without a configuration file. */
export function createRouteSelector(config: RoutingConfig, knowledge: RoutingKnowledge = {}): RouteSelector {
  const { upstreamProfile: profile, upstreamProtocol: protocol, addressProtocol, baseUrl } = config;
  const upstream = { name: onlyUpstream, baseUrl, profile, protocol, addressProtocol };
  return selectByTier(config, createModelRouter(upstream, knowledge));
}

/** Selects by the tier that an id names. An id with a slash is an upstream's own id and passes unchanged. */
export function selectByTier(
  config: Pick<Config, "bigModelName" | "mediumModelName" | "smallModelName">,
  routeTo: ModelRouter,
): RouteSelector {
  const nameOf = {
    big: config.bigModelName,
    medium: config.mediumModelName,
    small: config.smallModelName,
  } as const;
  return (requestedModel, protocol) => {
    const id = requestedModel.replace(longContextSuffix, "");
    if (id.includes("/")) return { ...routeTo(id, protocol), tier: "big", isKnownModel: true };
    const tier = findTier(id);
    const isKnownModel = tier !== null;
    return { ...routeTo(nameOf[tier ?? "big"], protocol), tier: tier ?? "big", isKnownModel };
  };
}

function findTier(id: string): Tier | null {
  if (smallModel.test(id)) return "small";
  if (mediumModel.test(id)) return "medium";
  return bigModel.test(id) ? "big" : null;
}

/** The routes of the configured models. */
export function listTierRoutes(selectRoute: RouteSelector): Readonly<Record<Tier, Route>> {
  return { big: selectRoute("opus"), medium: selectRoute("sonnet"), small: selectRoute("haiku") };
}
