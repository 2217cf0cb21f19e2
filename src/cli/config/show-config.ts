import { findHomeDir } from "../../config/find-home-dir.ts";
import type { SettingSource } from "../../config/found-texts.ts";
import { listSettings, type ShownSetting } from "../../config/list-settings.ts";
import { type LoadConfigOptions, type LoadedConfig, startLoading } from "../../config/load-config.ts";
import { findUsualConfigFile, loadConfigWithFile } from "../../config/load-config-with-file.ts";
import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { createPaint } from "../../logging/paint.ts";
import { createTextRedactor } from "../../logging/redact-text.ts";
import { describeFile } from "../../routing/describe-file.ts";
import { breakValue } from "../break-value.ts";
import { formatFile } from "../format-file.ts";
import { shortenHome } from "../shorten-home.ts";
import type { Terminal } from "../terminal.ts";
import { printWarnings } from "./check-file.ts";

/**
 * Prints the settings that are in force, each with where it came from, and what the configuration file says. No key is
 * in it.
 * @throws ConfigError if they do not allow a start
 */
export async function showConfig(
  options: LoadConfigOptions,
  isJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const loaded = await loadConfigWithFile(options);
  printWarnings(loaded, terminal);
  // A key that somebody has written into another setting is found by its form.
  const redact = createTextRedactor(loaded.secrets);
  const text = isJson ? formatJson(loaded) : describeConfig(loaded, options, terminal);
  terminal.stdout(redact(text));
}

function formatJson(loaded: LoadedConfig): string {
  const { config, configPath, envPath } = loaded;
  const settings = listSettings(loaded).map(({ name, value, source }) => [
    name,
    { value, source: typeof source === "object" ? source.file : source },
  ]);
  const file = config.file === null ? null : describeFile(config.file);
  return `${JSON.stringify({ configFile: configPath, envFile: envPath, settings: Object.fromEntries(settings), file }, null, 2)}\n`;
}

function describeConfig(loaded: LoadedConfig, options: LoadConfigOptions, terminal: Terminal): string {
  const { columns, useColor } = terminal;
  const look = { paint: createPaint(useColor), columns };
  const homeDir = findHomeDir();
  const start = startLoading(options);
  const { file } = loaded.config;
  const place = (path: string | null, usual: string) =>
    path === null ? `none (${shortenHome(usual, homeDir)} does not exist)` : shortenHome(path, homeDir);
  const rows = listSettings(loaded).map((setting) => [
    setting.name,
    ...formatSetting(setting, loaded.configPath),
  ]);
  return [
    ...formatRows(
      [
        ["config file", place(loaded.configPath, findUsualConfigFile(start.place)), ""],
        [".env file", place(loaded.envPath, start.usualPath), ""],
      ],
      look,
    ),
    "",
    ...formatRows(rows, look),
    ...(file === null ? [] : ["", ...formatFile(describeFile(file), look)]),
    "",
  ].join("\n");
}

function formatSetting({ value, source }: ShownSetting, configPath: string | null): [string, string] {
  return [escapeControlCharacters(value ?? "none"), nameSource(source, configPath)];
}

/** The files have rows of their own, because their paths are the same for each setting. */
function nameSource(source: SettingSource, configPath: string | null): string {
  if (typeof source !== "object") return source;
  return source.file === configPath ? "config file" : ".env file";
}

/** With less room for a value, it stands below its name. */
const narrowestValue = 16;
const gap = "  ";
/** The longest source is `environment` or `config file`. */
const sourceWidth = gap.length + "environment".length;

/**
 * Formats three columns. The source of a value that is too long for its column stands below it, and on a narrow terminal
 * both stand below the name.
 */
function formatRows(
  rows: readonly (readonly string[])[],
  { paint, columns }: { paint: ReturnType<typeof createPaint>; columns: number | null },
): string[] {
  const nameWidth = Math.max(...rows.map(([name = ""]) => name.length));
  const besideName = gap.length + nameWidth + gap.length;
  const room = (columns ?? Number.POSITIVE_INFINITY) - besideName - sourceWidth;
  const isNarrow = room < narrowestValue;
  const indent = " ".repeat(isNarrow ? 2 * gap.length : besideName);
  const widths = rows.map(([, value = ""]) => Bun.stringWidth(value));
  const valueWidth = Math.max(0, ...widths.filter((own) => own <= room));
  return rows.map(([name = "", value = "", source = ""], index) => {
    const own = widths[index] ?? 0;
    const label = isNarrow
      ? `${paint("grey", name)}\n${indent}`
      : paint("grey", name.padEnd(nameWidth)) + gap;
    const toSource = isNarrow || own > room ? `\n${indent}` : " ".repeat(valueWidth - own) + gap;
    const origin = source === "default" ? paint("grey", source) : source;
    return gap + label + breakValue(value, columns, indent) + (source === "" ? "" : toSource + origin);
  });
}
