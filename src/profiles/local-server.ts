import type { ProfileRule } from "./profile-family.ts";
import type { ProfileOverrides } from "./profile-overrides.ts";
import { namedLevels } from "./reasoning-levels.ts";

/** What servers for a model on the user's own machine or cluster have in common: they run the same models. */
export const localServer: ProfileOverrides = {
  traits: { answer: { runsModels: true, buffersToolArguments: true, rescuesTextToolCalls: true } },
  chat: { request: { topK: true }, reasoning: { form: "effort", levels: namedLevels } },
  responses: { request: { topK: true } },
};

/** Models that were trained to see their own reasoning again inside a tool loop. */
export const modelsThatRereadReasoning =
  /gpt-oss|deepseek-?(r1|v3\.[1-9]|v[4-9])|qwen3\.[5-9]|qwen[4-9]|glm-?(4\.[5-9]|[5-9])|kimi-?k|minimax-?m/;

/** The same models at a server that takes it as `reasoning_content`. */
export const rereadsReasoningContent: ProfileRule = {
  models: modelsThatRereadReasoning,
  overrides: {
    chat: { reasoning: { onByDefault: true, returnedAs: "content-with-tools", unknownAs: "" } },
    responses: { reasoning: { onByDefault: true } },
  },
};
