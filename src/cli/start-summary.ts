import type { SettingName } from "../config/config-schema.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { SettingSource } from "../config/parse-settings.ts";
import { createRouteSelector } from "../routing/select-route.ts";

export interface StartSummary extends LoadedConfig {
  /** Where the proxy listens: `http://<host>:<port>`. */
  readonly url: string;
  readonly version: string;
  readonly platform: NodeJS.Platform;
}

function describeSource(source: SettingSource | undefined): string {
  if (source === undefined || typeof source === "string") {
    return source ?? "";
  }
  return source.file;
}

/** The address for a client on this machine: one that stands for all addresses cannot be called everywhere. */
function clientUrl({ url, config }: StartSummary): string {
  return config.host === "0.0.0.0" || config.host === "::"
    ? url.replace(/\/\/[^/]*:(?=\d+$)/, "//127.0.0.1:")
    : url;
}

/** The line a user pastes to run Claude Code against the proxy; a key that clients need is named, not shown. */
function formatClaudeCommand(summary: StartSummary): string {
  const { config, platform } = summary;
  const url = clientUrl(summary);
  if (platform === "win32") {
    const token = config.proxyApiKey === null ? '"local"' : "$env:PROXY_API_KEY";
    return `$env:ANTHROPIC_BASE_URL="${url}"; $env:ANTHROPIC_AUTH_TOKEN=${token}; claude`;
  }
  const token = config.proxyApiKey === null ? "local" : '"$PROXY_API_KEY"';
  return `ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=${token} claude`;
}

/**
 * The block that `serve` prints when it is ready: where it listens, what it will ask, where each setting came from,
 * and how to run Claude Code with it. No key is in it.
 * @returns several lines, the last with its line break
 */
export function formatStartSummary(summary: StartSummary): string {
  const { config, sources, warnings } = summary;
  const profile = createRouteSelector(config)(config.bigModelName).profile.id;
  const rows: [string, string, SettingName][] = [
    // Some upstreams take a key as part of the query.
    ["upstream", config.baseUrl.replace(/\?.*/, "?…"), "BASE_URL"],
    ["upstream key", config.openaiApiKey === "" ? "none" : "set", "OPENAI_API_KEY"],
    [
      "profile",
      config.upstreamProfile === "auto" ? `auto (${profile})` : config.upstreamProfile,
      "UPSTREAM_PROFILE",
    ],
    ["big model", config.bigModelName, "BIG_MODEL_NAME"],
    ["medium model", config.mediumModelName, "MEDIUM_MODEL_NAME"],
    ["small model", config.smallModelName, "SMALL_MODEL_NAME"],
    ["output limit", `${config.maxOutputTokens} tokens`, "MAX_OUTPUT_TOKENS"],
    ["client key", config.proxyApiKey === null ? "none" : "set", "PROXY_API_KEY"],
    ["host", config.host, "HOST"],
    ["port", String(config.port), "PORT"],
    ["log level", config.logLevel, "LOG_LEVEL"],
    ["log file", config.logFilePath, "LOG_FILE_PATH"],
  ];
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  const lines = rows.map(
    ([label, value, name]) =>
      `  ${label.padEnd(12)}  ${value.padEnd(valueWidth)}  ${describeSource(sources.get(name))}`,
  );
  return [
    `claude-proxy ${summary.version} listens at ${summary.url}`,
    "",
    ...lines,
    ...(warnings.length === 0 ? [] : ["", ...warnings.map((warning) => `Warning: ${warning}`)]),
    "",
    "Run Claude Code with it, in another terminal:",
    "",
    `  ${formatClaudeCommand(summary)}`,
    "",
    "",
  ].join("\n");
}
