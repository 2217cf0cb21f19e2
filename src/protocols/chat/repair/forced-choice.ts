import type { ChatToolChoice } from "../chat-request.ts";

/** True when the model must call a tool. */
export function isForcedChoice(choice: ChatToolChoice | undefined): boolean {
  return choice !== undefined && choice !== "auto" && choice !== "none";
}
