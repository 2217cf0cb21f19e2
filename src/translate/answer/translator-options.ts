import type { Profile } from "../../profiles/profile.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { LoneThinkTag } from "./text/lone-tag-watch.ts";

/** The inputs of a translator. */
export interface TranslatorOptions {
  /** `msg_…` */
  messageId: string;
  /** The model id that the client sent; the client looks its own ids up for limits and prices. */
  clientModel: string;
  plan: AnswerPlan;
  /** `message_start` was already sent, by a translator that this one replaces. */
  isHeadSent?: boolean;
  profile: Profile;
  /** The model's window in tokens; null if unknown. */
  contextWindow?: number | null;
  /** The knowledge about the model's prompt; without it nothing is learned. */
  loneThinkTag?: LoneThinkTag | undefined;
  /** Creates an id that was never used: `toolu_…`, `srvtoolu_…`. */
  newId: (prefix: "toolu" | "srvtoolu") => string;
  /** Tool arguments are held until their call is complete: for whole answers, and if the profile requires it. */
  holdsToolArguments: boolean;
}
