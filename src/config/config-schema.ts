import { z } from "zod";
import { profileAliases, profileIds } from "../profiles/profile-ids.ts";
import { protocolIds } from "../profiles/protocol-id.ts";
import { normalizeBaseUrl } from "./normalize-base-url.ts";
import { recordSettings } from "./record-settings.ts";
import { type SettingNote, setting, settingNotes } from "./setting-note.ts";
import { headerText, keyText, modelName, oneOf, wholeNumber } from "./setting-rules.ts";

/** The project's page, which OpenRouter shows as the program that calls it. */
const projectPage = "https://github.com/claude-proxy/claude-proxy";

const defaultBaseUrl = "https://openrouter.ai/api/v1";

/** Models that think, and machines that load them first, are silent for up to five minutes: this limit is longer. */
export const defaultWaitSeconds = 360;

/** A day. */
const mostSeconds = 86_400;

const profileWords = ["auto", ...[...profileIds, ...profileAliases.keys()].sort()];

const baseUrl = z
  .string()
  .trim()
  .transform((text, context) => {
    const normalized = normalizeBaseUrl(text);
    if ("fault" in normalized) {
      context.addIssue(normalized.fault);
      return z.NEVER;
    }
    return normalized.baseUrl;
  });

/**
 * Every setting by its name in the environment: its rule, its default, and in `settingNotes` its texts for help and
 * messages. The input is text; an empty text counts as not set.
 */
export const configSchema = z.object({
  OPENAI_API_KEY: setting(
    keyText.default(""),
    "Key for the upstream; may be empty when the upstream is on this machine or in your own network",
    null,
    "sk-or-v1-…",
    { mayBeShown: false },
  ),
  BASE_URL: setting(
    baseUrl.prefault(defaultBaseUrl),
    "Address of the upstream, an OpenAI-compatible server",
    "--base-url",
    "http://localhost:11434/v1",
    { defaultText: defaultBaseUrl, mayBeShown: false },
  ),
  BIG_MODEL_NAME: setting(
    modelName,
    "Model for opus, sonnet, fable and unknown names",
    "--big-model",
    "z-ai/glm-4.6",
  ),
  MEDIUM_MODEL_NAME: setting(modelName.optional(), "Model for sonnet", "--medium-model", "qwen/qwen3-coder", {
    defaultText: "BIG_MODEL_NAME",
  }),
  SMALL_MODEL_NAME: setting(modelName, "Model for haiku", "--small-model", "openai/gpt-5-mini"),
  UPSTREAM_PROFILE: setting(
    oneOf(
      [...profileIds, "auto"],
      (text) => profileAliases.get(text.toLowerCase()) ?? text.toLowerCase(),
      profileWords,
    ).prefault("auto"),
    `Dialect of the upstream: ${profileWords.join(", ")}`,
    "--profile",
    "openrouter",
    { defaultText: "auto" },
  ),
  UPSTREAM_PROTOCOL: setting(
    oneOf(["auto", ...protocolIds], (text) => text.toLowerCase()).prefault("auto"),
    "API of the upstream: chat (Chat Completions), responses (Responses API), anthropic (Anthropic's own, passed on as it is), or auto, which picks by upstream and model",
    "--upstream-protocol",
    "responses",
    { defaultText: "auto" },
  ),
  REFERER_URL: setting(
    headerText
      .pipe(z.url({ protocol: /^https?$/, error: "must be an address that begins with https://" }))
      .default(projectPage),
    "HTTP-Referer sent to OpenRouter",
    "--referer-url",
    "https://example.com",
    { defaultText: "the project's page" },
  ),
  APP_NAME: setting(
    headerText.default("claude-proxy"),
    "X-Title sent to OpenRouter",
    "--app-name",
    "my-proxy",
    { defaultText: "claude-proxy" },
  ),
  HOST: setting(
    z
      .string()
      .trim()
      .transform((text) => text.replace(/^\[(.*)\]$/, "$1"))
      .refine(
        (text) => /^[a-z0-9_.:%-]+$/i.test(text),
        "must be a host name or an IP address, without http://",
      )
      .prefault("127.0.0.1"),
    "Address to listen on; one that others can reach needs PROXY_API_KEY",
    "--host",
    "127.0.0.1",
    { defaultText: "127.0.0.1" },
  ),
  PORT: setting(
    wholeNumber(0, 65535).prefault("8080"),
    "Port to listen on; 0 picks a free one",
    "--port",
    "8080",
    { defaultText: "8080" },
  ),
  PROXY_API_KEY: setting(
    keyText.optional(),
    "If set, clients must send it as x-api-key or as bearer token",
    null,
    "a-long-random-text",
    { defaultText: "none", mayBeShown: false },
  ),
  MAX_OUTPUT_TOKENS: setting(
    wholeNumber(1, 10_000_000).prefault("32000"),
    "Maximum number of tokens to request for one answer",
    "--max-output-tokens",
    "32000",
    { defaultText: "32000" },
  ),
  MAX_CONCURRENT_REQUESTS: setting(
    wholeNumber(1, 8000).prefault("1000"),
    "Maximum number of concurrent requests; further ones are told to retry",
    "--max-concurrent-requests",
    "1000",
    { defaultText: "1000" },
  ),
  UPSTREAM_FIRST_BYTE_SECONDS: setting(
    wholeNumber(0, mostSeconds).optional(),
    "Longest wait for the upstream's answer to begin; 0 means no limit",
    "--upstream-first-byte-seconds",
    "1200",
    {
      defaultText: `${defaultWaitSeconds}; 900 where models on the Responses API think longer; no limit when the upstream is on this machine`,
    },
  ),
  UPSTREAM_IDLE_SECONDS: setting(
    wholeNumber(0, mostSeconds).optional(),
    "Longest silence of the upstream within an answer; 0 means no limit",
    "--upstream-idle-seconds",
    "600",
    { defaultText: `${defaultWaitSeconds}; 900 where models on the Responses API think longer` },
  ),
  LOG_LEVEL: setting(
    oneOf(["DEBUG", "INFO", "WARN", "ERROR"], (text) => text.toUpperCase()).prefault("INFO"),
    "DEBUG, INFO, WARN or ERROR; DEBUG also writes whole prompts and answers to the log file",
    "--log-level",
    "DEBUG",
    { defaultText: "INFO" },
  ),
  LOG_FILE_PATH: setting(
    z.string().trim().optional(),
    "The log file; an absolute path, or one that begins with ~/",
    "--log-file",
    "~/claude-proxy.log",
    { defaultText: "claude-proxy.log in the state folder" },
  ),
  ...recordSettings,
});

export type SettingName = keyof typeof configSchema.shape;

/** The schema's output: one value for each setting, by its name in the environment. */
export type Settings = z.output<typeof configSchema>;

/** Every setting's name, in the order in which help and README list them. */
export const settingNames = configSchema.keyof().options;

/** The note of a setting. */
export function getSettingNote(name: SettingName): SettingNote {
  const note = settingNotes.get(configSchema.shape[name]);
  if (note === undefined) {
    throw new Error(`The setting ${name} has no note`);
  }
  return note;
}
