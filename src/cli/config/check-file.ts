import { findUnreadFiles } from "../../config/describe-places.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { type LoadConfigOptions, startLoading } from "../../config/load-config.ts";
import {
  findConfigFile,
  findUsualConfigFile,
  loadConfigWithFile,
} from "../../config/load-config-with-file.ts";
import { pathsOf } from "../../config/locate-folders.ts";
import { foldText } from "../../logging/fold-text.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Says that the configuration file is in order, and what is in it.
 * @throws ConfigError for its faults, CommandError if there is none
 */
export async function checkFile(options: LoadConfigOptions, terminal: Terminal): Promise<void> {
  const start = startLoading(options);
  if (findConfigFile(start) === null) {
    const usual = findUsualConfigFile(start.place);
    throw new CommandError(
      [
        `There is no configuration file: ${usual} does not exist.`,
        ...findUnreadFiles(pathsOf(start.place.platform), usual, process.cwd()),
        "For another file: claude-proxy config check --config PATH",
      ].join("\n"),
      2,
    );
  }
  const loaded = await loadConfigWithFile(options);
  printWarnings(loaded, terminal);
  const { file } = loaded.config;
  if (file === null) return;
  terminal.stdout(`${foldText(`ok: ${file.path} has ${countParts(loaded)}`, terminal.columns, "  ")}\n`);
}

/** Prints what is allowed but probably not meant. */
export function printWarnings({ warnings }: LoadedConfig, terminal: Terminal): void {
  for (const warning of warnings) {
    terminal.stderr(`${foldText(`Warning: ${warning}`, terminal.columns, "  ")}\n`);
  }
}

/** What the configuration file has, in words: `2 upstreams, 1 route, 0 cases, 0 clients`. */
export function countParts({ config: { file } }: LoadedConfig): string {
  return [
    count(file?.upstreams.size ?? 0, "upstream"),
    count(file?.routes.length ?? 0, "route"),
    count(file?.cases.length ?? 0, "case"),
    count(file?.clients.length ?? 0, "client"),
  ].join(", ");
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
