import type { Config } from "../config/config.ts";
import type { SettingName } from "../config/config-schema.ts";
import type { FileConfig } from "../config/file-config.ts";
import { findHttpProxy } from "../config/find-http-proxy.ts";
import type { SettingSource } from "../config/found-texts.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { listClients } from "../config/list-upstreams.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Environment } from "../config/locate-folders.ts";
import { isSharedRecord, nameSharedRecord } from "../config/record-place.ts";
import { foldText } from "../logging/fold-text.ts";
import type { Paint } from "../logging/paint.ts";
import { describeProtocol } from "../routing/describe-protocol.ts";
import { createRouteSelector, listTierRoutes } from "../routing/select-route.ts";
import { breakValue } from "./break-value.ts";
import { buildClaudeCommand, type ClaudeCommand } from "./claude-command.ts";
import { buildRunLine, type RunLineSubject } from "./run-line.ts";
import { shortenHome } from "./shorten-home.ts";

export interface StartSummary extends LoadedConfig, RunLineSubject {
  /** The address on which the proxy listens: `http://<host>:<port>`. */
  readonly url: string;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
  /** Rows about the upstreams and routes of the configuration file; empty without one. */
  readonly fileRows: readonly string[];
  /** The model that checks actions in auto mode, as Claude Code asks for it; null for the small one. */
  readonly checkModel: string | null;
}

/** A setting, its value and its source. */
type Row = readonly [label: string, value: string, source: string];

const labelWidth = 13;
const beforeValue = 2 + labelWidth + 2;

/** The longest sources are `environment` and `config file`. */
const besideValue = beforeValue + 2 + "environment".length;

function describeSource(source: SettingSource | undefined, { file }: Config): string {
  // The files have rows of their own, because their paths are the same for each setting.
  if (typeof source === "object") return source.file === file?.path ? "config file" : "file";
  return source ?? "";
}

/** The `.env` file that settings came from; null if none did. */
function findSettingsFile({ sources, config }: StartSummary): string | null {
  for (const source of sources.values()) {
    if (typeof source === "object" && source.file !== config.file?.path) return source.file;
  }
  return null;
}

/**
 * The HTTP proxy for requests to the upstream, which is easily overlooked when it fails; none if the upstream is on
 * this machine.
 */
function listHttpProxy(upstream: URL, env: Environment): Row[] {
  const proxy = isLoopbackHost(upstream.hostname) ? null : findHttpProxy(upstream, env);
  return proxy === null ? [] : [["http proxy", proxy.host, proxy.variable]];
}

function listRows(summary: StartSummary): Row[] {
  const { config, homeDir } = summary;
  const file = findSettingsFile(summary);
  return [
    ...(config.file === null ? listUpstreamRows(summary) : listFileRows(config.file, summary)),
    createRow(summary, "output limit", `${config.maxOutputTokens} tokens`, "MAX_OUTPUT_TOKENS"),
    listClientsRow(summary),
    createRow(summary, "host", config.host, "HOST"),
    createRow(summary, "port", String(config.port), "PORT"),
    createRow(summary, "log level", config.logLevel, "LOG_LEVEL"),
    createRow(summary, "log file", shortenHome(config.logFilePath, homeDir), "LOG_FILE_PATH"),
    createRow(
      summary,
      "record",
      describeRecord(config),
      config.record === "off" ? "RECORD" : "RECORD_BODIES",
    ),
    ["dashboard", locateDashboard(summary), ""],
    ...(file === null ? [] : [["settings file", shortenHome(file, homeDir), ""] as const]),
  ];
}

function describeRecord({ record, recordBodies }: Config): string {
  if (record === "off") return "off";
  const kept = { off: "no messages", errors: "messages of those that failed", all: "all messages" };
  const where = isSharedRecord(record) ? nameSharedRecord(record) : "on";
  return `${where}, ${kept[recordBodies]}`;
}

/** Where keys are needed the address alone opens nothing. */
function locateDashboard({ config, url }: StartSummary): string {
  return listClients(config).length === 0 ? `${url}/dashboard` : "claude-proxy dashboard opens it";
}

function createRow({ sources, config }: StartSummary, label: string, value: string, name: SettingName): Row {
  return [label, value, describeSource(sources.get(name), config)];
}

function listFileRows({ path, upstreams }: FileConfig, { homeDir, env }: StartSummary): Row[] {
  const proxies = [...upstreams.values()]
    .filter(({ httpProxy }) => httpProxy === null)
    .flatMap(({ baseUrl }) => listHttpProxy(new URL(baseUrl), env));
  return [
    ["config file", shortenHome(path, homeDir), ""],
    // Most of them go by the same one.
    ...new Map(proxies.map((row) => [row.join(" "), row])).values(),
  ];
}

function listUpstreamRows(summary: StartSummary): Row[] {
  const { config, env } = summary;
  const routes = listTierRoutes(createRouteSelector(config));
  const { id: profile } = routes.big.profile;
  const row = (label: string, value: string, name: SettingName) => createRow(summary, label, value, name);
  return [
    // Some upstreams take a key in the query.
    row("upstream", config.baseUrl.replace(/\?.*/, "?…"), "BASE_URL"),
    ...listHttpProxy(new URL(config.baseUrl), env),
    row("upstream key", config.openaiApiKey === "" ? "none" : "set", "OPENAI_API_KEY"),
    row(
      "profile",
      config.upstreamProfile === "auto" ? `auto (${profile})` : config.upstreamProfile,
      "UPSTREAM_PROFILE",
    ),
    row("protocol", describeProtocol(routes), "UPSTREAM_PROTOCOL"),
    row("big model", config.bigModelName, "BIG_MODEL_NAME"),
    row("medium model", config.mediumModelName, "MEDIUM_MODEL_NAME"),
    row("small model", config.smallModelName, "SMALL_MODEL_NAME"),
  ];
}

/** The clients by their names, where they have names. */
function listClientsRow(summary: StartSummary): Row {
  const { config } = summary;
  if (config.shared !== null) {
    const own = listClients(config).map(({ name }) => name);
    return ["clients", [...own, "those of the shared record"].join(", "), "claude-proxy clients"];
  }
  if (config.file === null || config.file.clients.length === 0) {
    return createRow(summary, "client key", config.proxyApiKey === null ? "none" : "set", "PROXY_API_KEY");
  }
  return [
    "clients",
    listClients(config)
      .map(({ name }) => name)
      .join(", "),
    "config file",
  ];
}

/** Formats three columns. If a value is too long for the second, its source is below it instead of beside it. */
function formatRows(rows: readonly Row[], { paint, columns }: StartSummary): string[] {
  const widths = rows.map(([, value]) => Bun.stringWidth(value));
  const width = columns ?? Number.POSITIVE_INFINITY;
  const room = width - besideValue;
  const indent = " ".repeat(beforeValue);
  const valueWidth = Math.max(0, ...widths.filter((own) => own <= room));
  return rows.map(([label, value, source], index) => {
    const own = widths[index] ?? 0;
    const gap = own > room ? `\n${indent}` : " ".repeat(valueWidth - own + 2);
    // Readers look for the values that somebody set.
    const origin = source === "default" ? paint("grey", source) : source;
    return `  ${paint("grey", label.padEnd(labelWidth))}  ${breakValue(value, columns, indent)}${source === "" ? "" : gap + origin}`;
  });
}

/** Where the command can be pasted. */
const places: Readonly<Record<ClaudeCommand["needs"], string>> = {
  nothing: "in another terminal",
  variable: "in another terminal in which PROXY_API_KEY is set",
  "client key": "in another terminal, with a client's key",
};

/**
 * The block that `serve` prints when it is ready: where it listens, its upstream, the source of each setting, and how
 * to run Claude Code with it. It contains no key.
 * @returns several lines, the last with its line break
 */
export function formatStartSummary(summary: StartSummary): string {
  const { warnings, paint, columns, fileRows } = summary;
  const warningLines = warnings.map((warning) =>
    foldText(`Warning: ${warning}`, columns, "  ").replace(/^Warning:/, (word) => paint("amber", word)),
  );
  return [
    paint("bold", `claude-proxy ${summary.version} listens at ${summary.url}`),
    "",
    ...formatRows(listRows(summary), summary),
    ...(fileRows.length === 0 ? [] : ["", ...fileRows]),
    ...(warnings.length === 0 ? [] : ["", ...warningLines]),
    "",
    ...describeClient(summary),
    "",
    "",
  ].join("\n");
}

/** How to run Claude Code with it: by this program, or by a line with variables where that is not enough. */
function describeClient(summary: StartSummary): string[] {
  const { columns, paint } = summary;
  const run = buildRunLine(summary);
  if (run !== null) {
    const { program, flags, needsKey } = run;
    return [
      `Run Claude Code with it, ${places[needsKey ? "variable" : "nothing"]}:`,
      "",
      `  ${paint("bold", [program, "run", ...flags].join(" "))}`,
      "",
      `For an IDE or a script, its variables: ${[program, "env", ...flags].join(" ")}`,
    ];
  }
  const { line, needs } = buildClaudeCommand({ ...summary, width: columns === null ? null : columns - 2 });
  return [
    `Run Claude Code with it, ${places[needs]}:`,
    "",
    ...line.split("\n").map((row) => `  ${paint("bold", row)}`),
  ];
}
