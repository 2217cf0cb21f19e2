import type { SessionAgent } from "../../../record/record-reader.ts";

/** How full the window of the model that answered last is. */
export interface ContextFill {
  readonly tokens: number;
  readonly windowTokens: number;
  /** From 0; above 1 where more was counted than the window is believed to hold. */
  readonly share: number;
}

/** The fill of an agent's context against the true window; null if one of both is not known. */
export function contextFillOf({
  contextTokens,
  window,
}: Pick<SessionAgent, "contextTokens" | "window">): ContextFill | null {
  if (contextTokens === null || window === null || window <= 0) return null;
  return { tokens: contextTokens, windowTokens: window, share: contextTokens / window };
}
