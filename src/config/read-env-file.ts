import { readFileSync, statSync } from "node:fs";
import { parseEnvFile } from "./parse-env-file.ts";

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

/** A larger file is no settings file; without a limit `--env-file /dev/zero` would never end. */
const largestFileBytes = 1024 * 1024;

function modeWarnings(path: string, mode: number, platform: NodeJS.Platform): string[] {
  if (platform === "win32" || (mode & 0o077) === 0) {
    return [];
  }
  return [`${path} can be read or written by other users of this machine. Run: chmod 600 '${path}'`];
}

/** Detects UTF-16 by its byte order mark, or by a zero in one of the first two bytes. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || (bytes.length > 1 && (first === 0) !== (second === 0));
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
  const failed = (reason: string): EnvFile => ({
    path,
    values: {},
    warnings: [],
    problems: [`${path} cannot be read: ${reason}`],
    isReadable: false,
    text: "",
  });
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      return failed("it is not a file");
    }
    if (stats.size > largestFileBytes) {
      return failed("it is larger than 1 MiB, so it is probably not a settings file");
    }
    const bytes = readFileSync(path);
    if (isUtf16(bytes)) {
      return failed("it is UTF-16, as written by Notepad and PowerShell 5. Save it with the encoding UTF-8");
    }
    const text = bytes.toString("utf8");
    const parsed = parseEnvFile(text);
    return {
      path,
      text,
      isReadable: true,
      values: parsed.values,
      warnings: [
        ...modeWarnings(path, stats.mode, platform),
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
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}
