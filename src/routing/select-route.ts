import type { Config } from "../config/config.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import type { Route, Tier } from "./route.ts";

type RoutingConfig = Pick<
  Config,
  "bigModelName" | "mediumModelName" | "smallModelName" | "upstreamProfile" | "baseUrl"
>;

/** Returns the route of a requested model id; never refuses one. */
export type RouteSelector = (requestedModel: string) => Route;

const longContextSuffix = /\[1m\]$/i;
const smallModel = /haiku/i;
const mediumModel = /sonnet/i;
const bigModel = /opus|fable|mythos/i;

/**
 * Creates the selector of rule 1.1 `model`. `recognised` returns the family that the upstream itself named, or null; it
 * counts if neither the settings nor the host decide (rule 0.13).
 */
export function createRouteSelector(
  config: RoutingConfig,
  recognised: () => ProfileId | null = () => null,
): RouteSelector {
  const selectPlain = createPlainSelector(config);
  if (config.upstreamProfile !== "auto" || selectPlain("").profile.id !== "generic") return selectPlain;
  let current: { id: ProfileId; select: RouteSelector } | null = null;
  return (requestedModel) => {
    const id = recognised();
    if (id === null) return selectPlain(requestedModel);
    if (current?.id !== id) current = { id, select: createPlainSelector({ ...config, upstreamProfile: id }) };
    return current.select(requestedModel);
  };
}

/**
 * Creates the profiles of the configured models once. An id with a slash is an upstream's own id and passes unchanged.
 */
function createPlainSelector(config: RoutingConfig): RouteSelector {
  const profileOf = (model: string) =>
    selectProfile({ setting: config.upstreamProfile, baseUrl: config.baseUrl, model, protocol: "chat" });
  const createTier = (tier: Tier, model: string): Route => ({
    tier,
    model,
    profile: profileOf(model),
    isKnownModel: true,
  });
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
