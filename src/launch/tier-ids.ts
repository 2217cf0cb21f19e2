import type { LaunchTier } from "./launch-subject.ts";

/** The exact ids under which the client asks for its tiers: it takes prices by nothing else. */
export const tierIds: Readonly<Record<LaunchTier, string>> = {
  fable: "claude-fable-5-2",
  opus: "claude-opus-5-5",
  sonnet: "claude-sonnet-5-5",
  haiku: "claude-haiku-5-5",
};
