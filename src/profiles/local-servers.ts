import { alwaysThinks } from "./always-thinks.ts";
import type { ModelRule, ProfileFamily, ProfileOverrides } from "./profile-family.ts";
import { namedLevels } from "./reasoning-levels.ts";

/**
 * Servers for a model on the user's own machine or cluster: one file, because they run the same models and share
 * most of their ways.
 */

const localOverrides: ProfileOverrides = {
  reasoningRequest: { form: "effort", levels: namedLevels },
  topK: true,
  buffersToolArguments: true,
  rescuesTextToolCalls: true,
};

/** Models that were trained to see their own reasoning again inside a tool loop. */
const modelsThatRereadReasoning =
  /gpt-oss|deepseek-?(r1|v3\.[1-9]|v[4-9])|qwen3\.[5-9]|qwen[4-9]|glm-?(4\.[5-9]|[5-9])|kimi-?k|minimax-?m/;

const rereadsReasoningContent: ModelRule = {
  models: modelsThatRereadReasoning,
  overrides: {
    reasoningRequest: { onByDefault: true },
    reasoningReturn: "content-with-tools",
    unknownReasoning: "",
  },
};

/** Source: ollama openai/openai.go. */
export const ollamaFamily: ProfileFamily = {
  id: "ollama",
  displayName: "Ollama",
  hosts: ["ollama.com"],
  loopbackPort: 11434,
  overrides: {
    ...localOverrides,
    strictTools: "never",
    toolChoice: { isIgnored: true },
    images: "base64-jpeg-png-webp",
  },
  modelRules: [
    {
      models: modelsThatRereadReasoning,
      overrides: { reasoningRequest: { onByDefault: true }, reasoningReturn: "reasoning-in-loop" },
    },
  ],
};

/** Source: llama.cpp tools/server and common/chat.cpp. */
export const llamacppFamily: ProfileFamily = {
  id: "llamacpp",
  displayName: "llama.cpp",
  hosts: [],
  overrides: {
    ...localOverrides,
    // It knows by the template whether the model thinks, and no template refuses reasoning that it does not print.
    reasoningRequest: { ...localOverrides.reasoningRequest, onByDefault: true },
    reasoningReturn: "content-with-tools",
    schemaCleaning: "llamacpp",
    toolChoice: { tool: "only-tool" },
    loneThinkTag: false,
    parallelToolCalls: "always",
    prefill: "effort-none",
  },
  modelRules: [rereadsReasoningContent],
};

/** Source: lmstudio-bug-tracker 261, 670, 2322. */
export const lmstudioFamily: ProfileFamily = {
  id: "lmstudio",
  displayName: "LM Studio",
  hosts: [],
  loopbackPort: 1234,
  overrides: {
    ...localOverrides,
    // Its engine is llama.cpp.
    schemaCleaning: "llamacpp",
    toolChoice: { tool: "only-tool" },
    contentOfToolCallMessage: "",
    emptyAnswerMayBeOverflow: true,
  },
};

/** vLLM and SGLang. Source: vllm entrypoints/openai, sglang protocol.py. */
export const vllmFamily: ProfileFamily = {
  id: "vllm",
  displayName: "vLLM",
  hosts: [],
  overrides: localOverrides,
  modelRules: [rereadsReasoningContent, alwaysThinks],
};
