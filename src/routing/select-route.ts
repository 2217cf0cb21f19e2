import type { Config } from "../config/config.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import type { ProtocolBasis, Route, Tier } from "./route.ts";

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

/** What was found out since the start. */
export interface RoutingKnowledge {
  /** The family that the upstream itself named, or null; it counts if neither the settings nor the host decide (rule 0.13). */
  recognised?: () => ProfileId | null;
  /** The wire on which the upstream wants to be asked for a model, or null; it counts if nobody has named one (rule 20.3). */
  learned?: (model: string) => ProtocolId | null;
}

/**
 * Returns the route of a requested model id; never refuses one. `protocol`: the wire to ask on, whatever suits or was
 * learned.
 */
export type RouteSelector = (requestedModel: string, protocol?: ProtocolId) => Route;

const longContextSuffix = /\[1m\]$/i;
const smallModel = /haiku/i;
const mediumModel = /sonnet/i;
const bigModel = /opus|fable|mythos/i;

/** Creates the selector of rule 1.1 `model`. */
export function createRouteSelector(config: RoutingConfig, knowledge: RoutingKnowledge = {}): RouteSelector {
  const { recognised = () => null, learned = () => null } = knowledge;
  const plain = createWireSelectors(config);
  const isUnknown = config.upstreamProfile === "auto" && plain.usual("").profile.id === "generic";
  let current: { id: ProfileId; selectors: WireSelectors } | null = null;

  const findSelectors = (): WireSelectors => {
    const id = isUnknown ? recognised() : null;
    if (id === null) return plain;
    if (current?.id !== id)
      current = { id, selectors: createWireSelectors({ ...config, upstreamProfile: id }) };
    return current.selectors;
  };

  return (requestedModel, protocol) => {
    const selectors = findSelectors();
    if (protocol !== undefined) return selectors.of(protocol)(requestedModel);
    const route = selectors.usual(requestedModel);
    if (isProtocolFixed(route)) return route;
    const wanted = learned(route.model);
    return wanted === null || wanted === route.profile.protocol
      ? route
      : selectors.of(wanted)(requestedModel);
  };
}

/** Whether the settings name the wire, so that no other one is tried. */
export function isProtocolFixed({ protocolBasis }: Pick<Route, "protocolBasis">): boolean {
  return protocolBasis === "setting" || protocolBasis === "address";
}

/** The selectors of one family. */
interface WireSelectors {
  /** Selects the wire by the settings, or else by what suits. */
  usual: RouteSelector;
  /** Selects this wire. */
  of(protocol: ProtocolId): RouteSelector;
}

function createWireSelectors(config: RoutingConfig): WireSelectors {
  const others = new Map<ProtocolId, RouteSelector>();
  return {
    usual: createPlainSelector(config, findNamedProtocol(config)),
    of(protocol) {
      const known = others.get(protocol);
      if (known !== undefined) return known;
      const selector = createPlainSelector(config, { protocol, basis: "learned" });
      others.set(protocol, selector);
      return selector;
    },
  };
}

interface NamedProtocol {
  protocol: ProtocolId;
  basis: ProtocolBasis;
}

/** The wire that the settings name: a setting is never overridden, so the address comes after it. */
function findNamedProtocol({ upstreamProtocol, addressProtocol }: RoutingConfig): NamedProtocol | null {
  if (upstreamProtocol !== "auto") return { protocol: upstreamProtocol, basis: "setting" };
  return addressProtocol === null ? null : { protocol: addressProtocol, basis: "address" };
}

/**
 * Creates the profiles of the configured models once. An id with a slash is an upstream's own id and passes unchanged.
 */
function createPlainSelector(config: RoutingConfig, named: NamedProtocol | null): RouteSelector {
  const { upstreamProfile: setting, baseUrl } = config;
  const createTier = (tier: Tier, model: string): Route => {
    const profile = selectProfile({ setting, baseUrl, model, protocol: named?.protocol ?? "auto" });
    const suited = profile.protocol === "chat" ? "default" : "model";
    return { tier, model, profile, protocolBasis: named?.basis ?? suited, isKnownModel: true };
  };
  const big = createTier("big", config.bigModelName);
  const medium = createTier("medium", config.mediumModelName);
  const small = createTier("small", config.smallModelName);

  return (requestedModel) => {
    const id = requestedModel.replace(longContextSuffix, "");
    if (id.includes("/")) return createTier("big", id);
    if (smallModel.test(id)) return small;
    if (mediumModel.test(id)) return medium;
    return bigModel.test(id) ? big : { ...big, isKnownModel: false };
  };
}

/** The routes of the configured models. */
export function listTierRoutes(selectRoute: RouteSelector): Readonly<Record<Tier, Route>> {
  return { big: selectRoute("opus"), medium: selectRoute("sonnet"), small: selectRoute("haiku") };
}
