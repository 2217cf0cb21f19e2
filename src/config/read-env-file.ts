import { readFileSync, statSync } from "node:fs";
import { parseEnvFile } from "./parse-env-file.ts";

/** An `.env` file that was found. */
export interface EnvFile {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** One line for each line of the file that cannot be understood, and for a file that cannot be read. */
  readonly problems: readonly string[];
}

/** A larger file is none of settings; without a limit `--env-file /dev/zero` would never end. */
const largestFileBytes = 1024 * 1024;

function modeWarnings(path: string, mode: number, platform: NodeJS.Platform): string[] {
  if (platform === "win32" || (mode & 0o077) === 0) {
    return [];
  }
  return [`${path} can be read or written by other users of this machine. Run: chmod 600 '${path}'`];
}

/**
 * Reads the first of the given `.env` files that exists.
 * @param candidates absolute paths, or relative ones the user has given
 * @returns null when none exists
 */
export function readEnvFile(candidates: readonly string[], platform: NodeJS.Platform): EnvFile | null {
  const path = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
  if (path === undefined) {
    return null;
  }
  const failed = (reason: string): EnvFile => ({
    path,
    values: {},
    warnings: [],
    problems: [`${path} cannot be read: ${reason}`],
  });
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      return failed("it is not a file");
    }
    if (stats.size > largestFileBytes) {
      return failed("it is larger than 1 MiB, so it is hardly a file of settings");
    }
    const parsed = parseEnvFile(readFileSync(path, "utf8"));
    return {
      path,
      values: parsed.values,
      warnings: [
        ...modeWarnings(path, stats.mode, platform),
        ...[...parsed.repeated].map(
          ([name, lines]) => `${path} sets ${name} on lines ${lines.join(" and ")}. The last one counts.`,
        ),
        ...parsed.cut.map(
          ({ line, name }) =>
            `${path}, line ${line}: the value of ${name} ends before its first #, as a comment begins there. ` +
            "If the # belongs to the value, put all of it into quotes.",
        ),
      ],
      problems: parsed.faults.map(({ line, fault }) => `${path}, line ${line} ${fault}`),
    };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}
