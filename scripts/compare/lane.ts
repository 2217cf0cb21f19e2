/** One upstream with three models. A lane is played by fresh programs, so that what they learn in it stays in it. */
export interface Lane {
  /** A value of `UPSTREAM_PROFILE`. */
  profile: string;
  /** The models of the three tiers: opus, sonnet, haiku. */
  models: readonly [big: string, medium: string, small: string];
  /** Models of this upstream beside those; their ids have a slash, and clients can name them. */
  others?: readonly string[];
  /** Added to the path of the base URL. */
  basePath?: string;
}

/** Every family. Written by hand, so that neither checkout says what is compared. */
export const lanes: readonly Lane[] = [
  { profile: "generic", models: ["m", "deepseek-r1", "gpt-5"] },
  {
    profile: "openrouter",
    models: ["m", "anthropic/claude-sonnet-5", "openai/gpt-5.6"],
    others: [
      ...["anthropic/claude-opus-4.6", "anthropic/claude-sonnet-4.5", "openai/gpt-5.2", "openai/gpt-5.4"],
      ...["google/gemini-3-pro", "x-ai/grok-4.5", "mistralai/mistral-large-4", "deepseek/deepseek-v4"],
      ...["qwen/qwen3-max", "moonshotai/kimi-k2.6", "minimax/minimax-m2", "z-ai/glm-5.3"],
    ],
  },
  { profile: "openai", models: ["gpt-5.4", "gpt-5.6", "gpt-4.1"] },
  { profile: "openai", models: ["gpt-5.1-codex-max", "o3-mini", "gpt-5-search-api"] },
  { profile: "deepseek", models: ["deepseek-v4-pro", "deepseek-reasoner", "deepseek-chat"] },
  { profile: "deepseek", models: ["deepseek-v4", "deepseek-reasoner", "deepseek-chat"], basePath: "/beta" },
  { profile: "kimi", models: ["kimi-k2.6", "kimi-k2-thinking", "kimi-k3"] },
  { profile: "glm", models: ["glm-5.3", "glm-4.6", "glm-4.5v"] },
  { profile: "qwen", models: ["qwen3.7-plus", "qwen3-max", "qwen3-235b-a22b-thinking"] },
  { profile: "minimax", models: ["MiniMax-M3", "MiniMax-M2.5", "m"] },
  { profile: "gemini", models: ["gemini-3-pro", "gemini-2.5-pro", "gemini-3-flash"] },
  { profile: "mistral", models: ["mistral-large-4", "m", "mistral-large"] },
  { profile: "groq", models: ["openai/gpt-oss-120b", "qwen3-32b", "llama-3.3-70b"] },
  { profile: "xai", models: ["grok-4.5", "grok-4", "grok-4.3"] },
  { profile: "ollama", models: ["gpt-oss:20b", "qwen3.5", "llama3.2"] },
  { profile: "llamacpp", models: ["qwen3.5", "m", "gemma-4"] },
  { profile: "lmstudio", models: ["qwen3.5", "m", "gemma-4"] },
  { profile: "vllm", models: ["Qwen/Qwen3.5-27B", "m", "deepseek-r1"] },
  { profile: "auto", models: ["m", "qwen3.5", "gemma-4"] },
];

/** What the report calls the lane. */
export function nameOf({ profile, models, basePath = "" }: Lane): string {
  return `${profile}${basePath} ${models[0]}`;
}

/** All models that a client can ask the lane for. */
export function modelsOf({ models, others = [] }: Lane): string[] {
  return [...models, ...others];
}

const tiers = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5"];

/** The model that a client names to be given this one; null where the lane does not have it. */
export function clientModelFor(lane: Lane, model: string): string | null {
  const tier = lane.models.indexOf(model);
  if (tier !== -1) return tiers[tier] ?? null;
  return lane.others?.includes(model) === true ? model : null;
}
