import type { Profile } from "../profiles/profile.ts";

export type Tier = "big" | "medium" | "small";

/** The result of resolving a request. */
export interface Route {
  tier: Tier;
  /** The model id to request from the upstream. */
  model: string;
  profile: Profile;
  /** False if the requested id names no known tier: worth one warning per id. */
  isKnownModel: boolean;
}
