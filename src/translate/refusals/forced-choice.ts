/** True for a `tool_choice` with which the model must call a tool. */
export function isForcedChoice(choice: unknown): boolean {
  return choice !== undefined && choice !== "auto" && choice !== "none";
}
