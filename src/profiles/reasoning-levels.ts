import type { ChatReasoningDialect } from "./chat-dialect.ts";

type Levels = ChatReasoningDialect["levels"];

/** Every wish under its own name; no reasoning is `none`. */
export const namedLevels: Levels = {
  off: "none",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "max",
};

/** No level is ever sent. */
export const noLevels: Levels = { off: null, low: null, medium: null, high: null, xhigh: null, max: null };

/** `none`, low, medium, high; more than high is high. */
export const levelsUpToHigh: Levels = { ...namedLevels, xhigh: "high", max: "high" };

/** As `levelsUpToHigh` for models that cannot be told not to think: low is the least. */
export const levelsFromLowToHigh: Levels = { ...levelsUpToHigh, off: "low" };

/** Low, high and max, where low is the least and medium counts as high. */
export const levelsLowHighMax: Levels = {
  off: "low",
  low: "low",
  medium: "high",
  high: "high",
  xhigh: "max",
  max: "max",
};
