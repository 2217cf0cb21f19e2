import type { Profile } from "../profiles/profile.ts";

export type Tier = "big" | "medium" | "small";

/** What decided on which wire the upstream is asked (rule 20.1 to 20.3). */
export type ProtocolBasis =
  /** `UPSTREAM_PROTOCOL` names it. */
  | "setting"
  /** The base URL named it by its path. */
  | "address"
  /** It suits the upstream and the model. */
  | "model"
  /** Nothing speaks for another one. */
  | "default"
  /** The upstream wanted it. */
  | "learned";

/** How one model of one upstream is asked. */
export interface ModelRoute {
  /** The name of the upstream. */
  upstream: string;
  /** The model id to request from the upstream. */
  model: string;
  /** `profile.protocol` is the wire to ask on. */
  profile: Profile;
  protocolBasis: ProtocolBasis;
}

/** The result of resolving a request by the three models of the settings. */
export interface Route extends ModelRoute {
  tier: Tier;
  /** False if the requested id names no known tier: worth one warning per id. */
  isKnownModel: boolean;
}
