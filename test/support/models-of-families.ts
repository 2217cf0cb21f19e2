import { type ProfileId, profileIds } from "../../src/profiles/profile-ids.ts";

/** Of every family models with ways of their own; the first stands for the family where one is enough. */
const modelsOf: Readonly<Record<ProfileId, readonly [usual: string, ...others: string[]]>> = {
  openrouter: [
    "anthropic/claude-sonnet-5",
    "openai/gpt-5.6",
    "google/gemini-3-pro",
    "x-ai/grok-4.5",
    "mistralai/mistral-large-4",
    "moonshotai/kimi-k2.6",
  ],
  openai: ["gpt-5.6", "gpt-4o"],
  deepseek: ["deepseek-v4-pro"],
  kimi: ["kimi-k2.6", "kimi-k3"],
  glm: ["glm-5.3", "glm-4.6"],
  qwen: ["qwen3.7-plus", "qwen3-8b-thinking"],
  minimax: ["MiniMax-M3"],
  gemini: ["gemini-3-pro", "gemini-2.5-flash"],
  mistral: ["mistral-large-4"],
  groq: ["openai/gpt-oss-120b"],
  xai: ["grok-4.5"],
  ollama: ["gpt-oss:20b"],
  llamacpp: ["qwen3.5"],
  lmstudio: ["qwen3.5"],
  vllm: ["Qwen/Qwen3.5-27B"],
  generic: ["m"],
};

/** A family and a model of its. */
export type FamilyModel = readonly [family: ProfileId, model: string];

/** Every family with one model. */
export const usualModels: readonly FamilyModel[] = profileIds.map((id) => [id, modelsOf[id][0]]);

/** Every family with all of its models. */
export const familyModels: readonly FamilyModel[] = profileIds.flatMap((id) =>
  modelsOf[id].map((model) => [id, model] as const),
);
