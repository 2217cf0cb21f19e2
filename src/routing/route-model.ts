import type { UpstreamSettings } from "../config/upstream-settings.ts";
import type { Profile } from "../profiles/profile.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import type { ModelRoute, ProtocolBasis } from "./route.ts";

/** What routing needs to know of an upstream. */
export type RoutedUpstream = Pick<
  UpstreamSettings,
  "name" | "baseUrl" | "profile" | "protocol" | "addressProtocol"
>;

/** What was found out of an upstream and its models. */
export interface RoutingKnowledge {
  /** The family that the upstream itself named, or null; it counts if neither the settings nor the host decide (rule 0.13). */
  recognised?: () => ProfileId | null;
  /** The wire on which the upstream wants to be asked for a model, or null; it counts if nobody has named one (rule 20.3). */
  learned?: (model: string) => ProtocolId | null;
  /** The model whose rules the profile applies, for models with names of their own. */
  likeOf?: (model: string) => string;
  /** Lays what is known of the model over its profile. */
  suit?: (model: string, profile: Profile) => Profile;
}

/** Returns the route to a model of one upstream. `protocol`: the wire to ask on, whatever suits or was learned. */
export type ModelRouter = (model: string, protocol?: ProtocolId) => ModelRoute;

/** Clients could name endless numbers of models. A profile takes some microseconds to make. */
const mostProfiles = 100;

/** Creates the router of an upstream. */
export function createModelRouter(
  upstream: RoutedUpstream,
  {
    recognised = () => null,
    learned = () => null,
    likeOf = (model) => model,
    suit = (_, profile) => profile,
  }: RoutingKnowledge = {},
): ModelRouter {
  const { baseUrl, name } = upstream;
  const named = findNamedProtocol(upstream);
  const isUnknown =
    upstream.profile === "auto" && selectProfile({ setting: "auto", baseUrl, model: "" }).id === "generic";
  const familyOf = () => (isUnknown ? recognised() : null) ?? upstream.profile;

  const profiles = new Map<string, Profile>();

  const profileOf = (model: string, protocol: ProtocolId | "auto"): Profile => {
    const setting = familyOf();
    const key = `${setting} ${protocol} ${model}`;
    const known = profiles.get(key);
    if (known !== undefined) return known;
    const profile = selectProfile({ setting, baseUrl, model: likeOf(model), protocol });
    if (profiles.size >= mostProfiles) profiles.clear();
    profiles.set(key, profile);
    return profile;
  };
  const create = (model: string, protocol?: ProtocolId): ModelRoute => {
    const profile = suit(model, profileOf(model, protocol ?? named?.protocol ?? "auto"));
    const suited = profile.protocol === "chat" ? "default" : "model";
    const basis = protocol === undefined ? (named?.basis ?? suited) : "learned";
    return { upstream: name, model, profile, protocolBasis: basis };
  };

  return (model, protocol) => {
    const route = create(model, protocol);
    if (protocol !== undefined || isProtocolFixed(route)) return route;
    const wanted = learned(model);
    return wanted === null || wanted === route.profile.protocol ? route : create(model, wanted);
  };
}

/** Whether the settings name the wire, so that no other one is tried. */
export function isProtocolFixed({ protocolBasis }: Pick<ModelRoute, "protocolBasis">): boolean {
  return protocolBasis === "setting" || protocolBasis === "address";
}

/** The wire that the settings name: a setting is never overridden, so the address comes after it. */
function findNamedProtocol({
  protocol,
  addressProtocol,
}: RoutedUpstream): { protocol: ProtocolId; basis: ProtocolBasis } | null {
  if (protocol !== "auto") return { protocol, basis: "setting" };
  return addressProtocol === null ? null : { protocol: addressProtocol, basis: "address" };
}
