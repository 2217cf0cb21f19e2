import type { ChatDialect } from "./chat-dialect.ts";
import type { ModelTraits } from "./model-traits.ts";
import type { ProfileId } from "./profile-ids.ts";
import type { ProtocolId } from "./protocol-id.ts";
import type { ResponsesDialect } from "./responses-dialect.ts";

/**
 * What one upstream with one model does differently from the rest, as data. Made by `selectProfile` from the family's
 * table and the rules for the model; the program reads this object and nothing else about the upstream. Rule numbers are
 * those of docs/mapping.md.
 */
export interface Profile {
  readonly id: ProfileId;
  /** The wire on which the upstream is asked; some traits differ from wire to wire. */
  readonly protocol: ProtocolId;
  readonly traits: ModelTraits;
  readonly chat: ChatDialect;
  readonly responses: ResponsesDialect;
}
