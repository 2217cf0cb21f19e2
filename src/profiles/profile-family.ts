import type { ProfileOverrides } from "./profile-overrides.ts";

/** Laid over the family's values when the model id, in lower case, matches. */
export interface ModelRule {
  readonly models: RegExp;
  readonly overrides: ProfileOverrides;
}

/** One family of upstreams: how it is recognised and what it does differently from a generic server. */
export interface ProfileFamily {
  /** A base URL's host picks the family when it is one of these or ends with a dot and one of these. */
  readonly hosts: readonly string[];
  /** The port this server takes by default on the user's own machine. */
  readonly loopbackPort?: number;
  /** Laid under the family's own values: what it shares with others. */
  readonly basis?: ProfileOverrides;
  readonly overrides: ProfileOverrides;
  /** All that match are laid over, in order. */
  readonly modelRules?: readonly ModelRule[];
  /** Laid over last when the path of the base URL ends with `/beta`. */
  readonly betaOverrides?: ProfileOverrides;
}
