import { statSync } from "node:fs";
import { parseEnvFile } from "./parse-env-file.ts";
import { readSettingsText } from "./read-settings-text.ts";

/** An `.env` file that was found. */
export interface EnvFile {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** One line for each line of the file that cannot be understood, or for a file that cannot be read. */
  readonly problems: readonly string[];
  /** False if nothing could be read, so that the settings in it are unknown. */
  readonly isReadable: boolean;
  /** The unchanged text; empty if it could not be read. */
  readonly text: string;
}

function modeWarnings(path: string, mode: number, platform: NodeJS.Platform): string[] {
  if (platform === "win32" || (mode & 0o077) === 0) {
    return [];
  }
  return [`${path} can be read or written by other users of this machine. Run: chmod 600 '${path}'`];
}

/**
 * Reads the first of the given `.env` files that exists.
 * @param candidates absolute paths, or relative ones given by the user
 * @returns null if none exists
 */
export function readEnvFile(candidates: readonly string[], platform: NodeJS.Platform): EnvFile | null {
  const path = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
  if (path === undefined) {
    return null;
  }
  const read = readSettingsText(path);
  if ("reason" in read) {
    const problems = [`${path} cannot be read: ${read.reason}`];
    return { path, values: {}, warnings: [], problems, isReadable: false, text: "" };
  }
  return composeEnvFile(path, read.text, modeWarnings(path, read.mode, platform));
}

/** An `.env` file with this text, which need not exist yet. */
export function composeEnvFile(path: string, text: string, warnings: readonly string[] = []): EnvFile {
  const parsed = parseEnvFile(text);
  return {
    path,
    text,
    isReadable: true,
    values: parsed.values,
    warnings: [
      ...warnings,
      ...[...parsed.repeated].map(
        ([name, lines]) => `${path} sets ${name} on lines ${lines.join(" and ")}. The last one is used.`,
      ),
      ...parsed.cut.map(
        ({ line, name }) =>
          `${path}, line ${line}: the value of ${name} ends before its first #, because a comment begins there. ` +
          "If the # belongs to the value, put the whole value in quotes.",
      ),
    ],
    problems: parsed.faults.map(({ line, fault }) => `${path}, line ${line} ${fault}`),
  };
}
