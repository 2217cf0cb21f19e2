import type { Profile } from "../profiles/profile.ts";

export type Tier = "big" | "medium" | "small";

/** What a request was resolved to. */
export interface Route {
  tier: Tier;
  /** The model id the upstream is asked for. */
  model: string;
  profile: Profile;
  /** False when the requested id names no known tier: worth one warning per id. */
  isKnownModel: boolean;
}
