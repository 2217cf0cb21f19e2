import type { Rule, RuleSection } from "./rule.ts";
import { answerRules } from "./rules/answer-rules.ts";
import { errorRules } from "./rules/error-rules.ts";
import { exampleRules } from "./rules/example-rules.ts";
import { messageRules } from "./rules/message-rules.ts";
import { reasoningRules } from "./rules/reasoning-rules.ts";
import { requestRules } from "./rules/request-rules.ts";
import { serviceRules } from "./rules/service-rules.ts";
import { streamRules } from "./rules/stream-rules.ts";
import { toolRules } from "./rules/tool-rules.ts";
import { upstreamRules } from "./rules/upstream-rules.ts";

/** All rules of the translation, in the order in which docs/mapping.md tells them. */
export const ruleSections: readonly RuleSection[] = [
  ...upstreamRules,
  ...requestRules,
  ...toolRules,
  ...messageRules,
  ...answerRules,
  ...streamRules,
  ...errorRules,
  ...reasoningRules,
  ...serviceRules,
  ...exampleRules,
];

/** The same without their sections. */
export const rules: readonly Rule[] = ruleSections.flatMap((section) => section.rules);
