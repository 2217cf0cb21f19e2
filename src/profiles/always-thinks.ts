import type { ProfileRule } from "./profile-family.ts";

/**
 * Models that cannot but think: their chat template ends each prompt with the tag that opens it, whatever the request
 * says. For servers that tell reasoning apart only when they were started so. Source: the templates of DeepSeek-R1, QwQ,
 * Qwen3-Thinking-2507, Qwen3-Next-Thinking and MiniMax-M2; vllm-project/vllm#13125, open-webui/open-webui#9808.
 */
export const alwaysThinks: ProfileRule = {
  models: /deepseek-?r1|qwq|qwen3.*-thinking|minimax-?m2/,
  overrides: { traits: { answer: { promptThinkTag: "<think>" } } },
};
