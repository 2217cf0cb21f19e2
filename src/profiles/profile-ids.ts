/**
 * The families of upstreams; `UPSTREAM_PROFILE` takes one of these or `auto`. The only list of them, and apart from what
 * they are: the settings and `--help` need no more. What has to be said of every family is a record by these ids, so that
 * the compiler finds what a new one lacks.
 */
export const profileIds = [
  "openrouter",
  "openai",
  "deepseek",
  "kimi",
  "glm",
  "qwen",
  "minimax",
  "gemini",
  "mistral",
  "groq",
  "xai",
  "ollama",
  "llamacpp",
  "lmstudio",
  "vllm",
  "generic",
] as const;

export type ProfileId = (typeof profileIds)[number];

/** Other names that `UPSTREAM_PROFILE` takes. */
export const profileAliases: ReadonlyMap<string, ProfileId> = new Map([["sglang", "vllm"]]);
