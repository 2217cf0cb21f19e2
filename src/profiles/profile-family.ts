import type { ProfileOverrides } from "./profile-overrides.ts";
import type { ProtocolId } from "./protocol-id.ts";

/** Laid over the family's values where all of its conditions hold. */
export interface ProfileRule {
  /** Matches the model id in lower case. */
  readonly models?: RegExp;
  /** Matches the host and the path of the base URL, e.g. `api.deepseek.com/beta`. */
  readonly address?: RegExp;
  /** The wire on which the upstream is asked. */
  readonly wire?: ProtocolId;
  readonly overrides: ProfileOverrides;
}

/** One family of upstreams: how it is recognised and what it does differently from a generic server. */
export interface ProfileFamily {
  /** A base URL's host picks the family when it is one of these or ends with a dot and one of these. */
  readonly hosts: readonly string[];
  /** The port this server takes by default on the user's own machine. */
  readonly loopbackPort?: number;
  /** The port on which this server listens by default, which others may take as well. */
  readonly usualPort?: number;
  /**
   * The models, in lower case and without a vendor's prefix, for which these hosts are asked on the Responses API when
   * the settings leave the choice (rule 20.2).
   */
  readonly responsesModels?: RegExp;
  /** Laid under the family's own values: what it shares with others. */
  readonly basis?: ProfileOverrides;
  readonly overrides: ProfileOverrides;
  /** All that hold are laid over, in order. */
  readonly rules?: readonly ProfileRule[];
}
