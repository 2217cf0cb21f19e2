import type { Profile } from "../../profiles/profile.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { LoneThinkTag } from "./text/lone-tag-watch.ts";

/** What a translator is made for. */
export interface TranslatorOptions {
  /** `msg_…` */
  messageId: string;
  /** The model id the client sent; it looks its own ids up for limits and prices. */
  clientModel: string;
  plan: AnswerPlan;
  /** `message_start` has gone out already, by a translator that this one takes over from. */
  isHeadSent?: boolean;
  profile: Profile;
  /** The model's window in tokens; null when not known. */
  contextWindow?: number | null;
  /** What was learned of the model's prompt; without it nothing is. */
  loneThinkTag?: LoneThinkTag | undefined;
  /** Makes an id that was never used: `toolu_…`, `srvtoolu_…`. */
  newId: (prefix: "toolu" | "srvtoolu") => string;
  /** Tool arguments are held until their call is complete: for whole answers, and where the profile says so. */
  holdsToolArguments: boolean;
}
