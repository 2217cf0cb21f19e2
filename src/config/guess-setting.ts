import { type SettingName, settingNames } from "./config-schema.ts";
import { findNearest } from "./find-nearest.ts";

/** Names that similar programs use for the purpose of each setting. */
const foreignNames: readonly (readonly [SettingName, readonly string[]])[] = [
  [
    "BASE_URL",
    [
      "OPENAI_BASE_URL",
      "OPENAI_API_BASE",
      "OPENAI_API_BASE_URL",
      "OPENAI_API_URL",
      "OPENAI_URL",
      "API_BASE",
      "API_BASE_URL",
      "API_URL",
      "URL",
      "ENDPOINT",
      "API_ENDPOINT",
      "LLM_BASE_URL",
      "LITELLM_BASE_URL",
      "LITELLM_API_BASE",
      "OLLAMA_BASE_URL",
      "OLLAMA_API_BASE",
      "OLLAMA_HOST",
      "OLLAMA_URL",
      "OPENROUTER_BASE_URL",
      "OPENROUTER_API_BASE",
      "UPSTREAM",
      "UPSTREAM_URL",
      "UPSTREAM_BASE_URL",
      "PROVIDER_BASE_URL",
    ],
  ],
  ["OPENAI_API_KEY", ["API_KEY", "OPENAI_KEY", "OPENROUTER_KEY", "UPSTREAM_KEY", "LLM_KEY", "KEY"]],
  [
    "BIG_MODEL_NAME",
    [
      "BIG_MODEL",
      "LARGE_MODEL",
      "LARGE_MODEL_NAME",
      "OPUS_MODEL",
      "MAIN_MODEL",
      "DEFAULT_MODEL",
      "REASONING_MODEL",
      "MODEL",
      "MODEL_NAME",
      "LLM_MODEL",
      "OPENAI_MODEL",
      "OPENAI_MODEL_NAME",
      "OPENROUTER_MODEL",
      "OLLAMA_MODEL",
    ],
  ],
  ["MEDIUM_MODEL_NAME", ["MEDIUM_MODEL", "MIDDLE_MODEL", "MIDDLE_MODEL_NAME", "SONNET_MODEL"]],
  [
    "SMALL_MODEL_NAME",
    ["SMALL_MODEL", "LITTLE_MODEL", "HAIKU_MODEL", "FAST_MODEL", "SMALL_FAST_MODEL", "COMPLETION_MODEL"],
  ],
  ["UPSTREAM_PROFILE", ["PROFILE", "PROVIDER", "PREFERRED_PROVIDER", "DIALECT"]],
  ["UPSTREAM_PROTOCOL", ["WIRE_API", "UPSTREAM_API", "UPSTREAM_WIRE", "API_PROTOCOL"]],
  ["REFERER_URL", ["HTTP_REFERER", "REFERER", "SITE_URL", "YOUR_SITE_URL", "OPENROUTER_REFERER"]],
  ["APP_NAME", ["X_TITLE", "SITE_NAME", "YOUR_SITE_NAME", "APP_TITLE"]],
  ["HOST", ["PROXY_HOST", "SERVER_HOST", "LISTEN_HOST", "BIND_HOST", "LISTEN_ADDRESS", "BIND_ADDRESS"]],
  ["PORT", ["PROXY_PORT", "SERVER_PORT", "LISTEN_PORT"]],
  [
    "PROXY_API_KEY",
    [
      "PROXY_KEY",
      "CLIENT_KEY",
      "CLIENT_API_KEY",
      "PROXY_TOKEN",
      "PROXY_AUTH_TOKEN",
      "AUTH_TOKEN",
      "MASTER_KEY",
      "LITELLM_MASTER_KEY",
    ],
  ],
  ["MAX_OUTPUT_TOKENS", ["MAX_TOKENS", "MAX_TOKENS_LIMIT", "OUTPUT_TOKENS", "MAX_COMPLETION_TOKENS"]],
  ["MAX_CONCURRENT_REQUESTS", ["MAX_REQUESTS", "CONCURRENCY", "MAX_CONCURRENCY"]],
  ["LOG_LEVEL", ["LOGGING_LEVEL", "PROXY_LOG_LEVEL"]],
  ["LOG_FILE_PATH", ["LOG_FILE", "LOG_PATH", "LOG_FILE_NAME"]],
];

const squash = (name: string) => name.toUpperCase().replace(/[_.-]/g, "");

const settingByForeignName = new Map<string, SettingName>([
  ...foreignNames.flatMap(([setting, names]) => names.map((name) => [squash(name), setting] as const)),
  ...settingNames.map((name) => [squash(name), name] as const),
]);

/**
 * The setting that other programs know by this name, or that was written carelessly: in lower case, or without its
 * underscores.
 * @param name a name that is no setting's
 */
export function findSynonym(name: string): SettingName | null {
  const known = settingByForeignName.get(squash(name));
  if (known !== undefined) return known;
  // GROQ_API_KEY, DEEPSEEK_API_KEY and all the others.
  return /^[A-Z0-9]+_API_KEY$/i.test(name) ? "OPENAI_API_KEY" : null;
}

/** The setting that was probably meant by a name that is no setting's, including typing errors. */
export function guessSetting(name: string): SettingName | null {
  return findSynonym(name) ?? findNearest(name.toUpperCase(), settingNames);
}
