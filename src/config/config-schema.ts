import { profileAliases, profileIds } from "../profiles/profile-ids.ts";
import { protocolIds } from "../profiles/protocol-id.ts";
import { normalizeBaseUrl } from "./normalize-base-url.ts";
import { recordSettings } from "./record-settings.ts";
import { type Setting, type SettingNote, setting } from "./setting-note.ts";
import type { Checked } from "./setting-rule.ts";
import { headerText, keyText, modelName, oneOf, trimmedText, wholeNumber } from "./setting-rules.ts";

/** The project's page, which OpenRouter shows as the program that calls it, and which has the releases. */
export const projectPage = "https://github.com/claude-proxy/claude-proxy";

const defaultBaseUrl = "https://openrouter.ai/api/v1";

/** Models that think, and machines that load them first, are silent for up to five minutes: this limit is longer. */
export const defaultWaitSeconds = 360;

/** The most tokens of an answer that are asked for if nobody sets another number. */
export const defaultMaxOutputTokens = 32_000;

/** A day. */
const mostSeconds = 86_400;

const profileWords = ["auto", ...[...profileIds, ...profileAliases.keys()].sort()];

const baseUrl = trimmedText.followedBy((text) => {
  const normalized = normalizeBaseUrl(text);
  return "fault" in normalized ? normalized : { value: normalized.baseUrl };
});

const pageUrl = headerText.followedBy((text) =>
  /^https?:\/\//i.test(text) && URL.canParse(text)
    ? { value: text }
    : { fault: "must be an address that begins with https://" },
);

const hostName = trimmedText.followedBy((text) => {
  const value = text.replace(/^\[(.*)\]$/, "$1");
  return /^[a-z0-9_.:%-]+$/i.test(value)
    ? { value }
    : { fault: "must be a host name or an IP address, without http://" };
});

/**
 * Every setting by its name in the environment: its rule, its default, and its texts for help and messages. An empty
 * text counts as not set.
 */
const settings = {
  OPENAI_API_KEY: setting(
    keyText.withDefault(""),
    "Key for the upstream; may be empty when the upstream is on this machine or in your own network",
    null,
    "sk-or-v1-…",
    { mayBeShown: false },
  ),
  BASE_URL: setting(
    baseUrl.withDefault(defaultBaseUrl),
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
    ).withDefault("auto"),
    `Dialect of the upstream: ${profileWords.join(", ")}`,
    "--profile",
    "openrouter",
    { defaultText: "auto" },
  ),
  UPSTREAM_PROTOCOL: setting(
    oneOf(["auto", ...protocolIds], (text) => text.toLowerCase()).withDefault("auto"),
    "API of the upstream: chat (Chat Completions), responses (Responses API), anthropic (Anthropic's own, passed on as it is), or auto, which picks by upstream and model",
    "--upstream-protocol",
    "responses",
    { defaultText: "auto" },
  ),
  REFERER_URL: setting(
    pageUrl.withDefault(projectPage),
    "HTTP-Referer sent to OpenRouter",
    "--referer-url",
    "https://example.com",
    { defaultText: "the project's page" },
  ),
  APP_NAME: setting(
    headerText.withDefault("claude-proxy"),
    "X-Title sent to OpenRouter",
    "--app-name",
    "my-proxy",
    { defaultText: "claude-proxy" },
  ),
  HOST: setting(
    hostName.withDefault("127.0.0.1"),
    "Address to listen on; one that others can reach needs PROXY_API_KEY",
    "--host",
    "127.0.0.1",
    { defaultText: "127.0.0.1" },
  ),
  PORT: setting(
    wholeNumber(0, 65535).withDefault("8080"),
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
    wholeNumber(1, 10_000_000).withDefault(String(defaultMaxOutputTokens)),
    "Maximum number of tokens to request for one answer",
    "--max-output-tokens",
    "32000",
    { defaultText: String(defaultMaxOutputTokens) },
  ),
  MAX_CONCURRENT_REQUESTS: setting(
    wholeNumber(1, 8000).withDefault("1000"),
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
  DRAIN_DELAY_SECONDS: setting(
    wholeNumber(0, 3600).withDefault("0"),
    "After the signal to stop: how long requests are still accepted, while GET /ready says 503 to a balancer",
    "--drain-delay-seconds",
    "5",
    { defaultText: "0" },
  ),
  DRAIN_SECONDS: setting(
    wholeNumber(1, mostSeconds).withDefault("30"),
    "Then: how long running answers have to end",
    "--drain-seconds",
    "600",
    { defaultText: "30" },
  ),
  LOG_LEVEL: setting(
    oneOf(["DEBUG", "INFO", "WARN", "ERROR"], (text) => text.toUpperCase()).withDefault("INFO"),
    "DEBUG, INFO, WARN or ERROR; DEBUG also writes whole prompts and answers to the log file",
    "--log-level",
    "DEBUG",
    { defaultText: "INFO" },
  ),
  LOG_FILE_PATH: setting(
    trimmedText.optional(),
    "The log file; an absolute path, or one that begins with ~/",
    "--log-file",
    "~/claude-proxy.log",
    { defaultText: "claude-proxy.log in the state folder" },
  ),
  ...recordSettings,
} as const;

export type SettingName = keyof typeof settings;

/** One value for each setting, by its name in the environment. */
export type Settings = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/** Every setting's name, in the order in which help and README list them. */
export const settingNames: readonly SettingName[] = Object.keys(settings).filter(isSettingName);

const settingOf: { readonly [Name in SettingName]: Setting<Settings[Name]> } = settings;

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** The note of a setting. */
export function getSettingNote(name: SettingName): SettingNote {
  return settings[name].note;
}

/** The words from which a setting is chosen, as a person is told them; null if it takes other texts. */
export function listSettingWords(name: SettingName): readonly string[] | null {
  return settings[name].rule.words;
}

/** The value of a setting with this text, its default if it is not set, or its fault. */
export function checkSetting<Name extends SettingName>(
  name: Name,
  text: string | undefined,
): Checked<Settings[Name]> {
  return settingOf[name].rule.check(text);
}

/** The value of a setting with this text, or its default; null if the text is not valid. */
export function readSetting<Name extends SettingName>(
  name: Name,
  text: string | undefined,
): Settings[Name] | null {
  const checked = checkSetting(name, text);
  return "fault" in checked ? null : checked.value;
}

/** The values of all settings, or the fault of each that has one. */
export function checkSettings(
  texts: Readonly<Partial<Record<SettingName, string>>>,
): { readonly settings: Settings } | { readonly faults: ReadonlyMap<SettingName, string> } {
  const values: { -readonly [Name in SettingName]?: Settings[Name] } = {};
  const faults = new Map<SettingName, string>();
  const take = <Name extends SettingName>(name: Name) => {
    const checked = checkSetting(name, texts[name]);
    if ("fault" in checked) faults.set(name, checked.fault);
    else values[name] = checked.value;
  };
  for (const name of settingNames) take(name);
  return hasAll(values) ? { settings: values } : { faults };
}

function hasAll(values: { readonly [Name in SettingName]?: Settings[Name] }): values is Settings {
  return settingNames.every((name) => Object.hasOwn(values, name));
}
