import type { posix } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The properties of the machine that folders depend on. */
export interface Place {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly env: Environment;
}

const appFolder = "claude-proxy";

/**
 * Path rules of the given platform, so that each platform can be tested on every other. Loaded only now: it takes a
 * tenth of the status line's time, which does without them.
 */
export function pathsOf(platform: NodeJS.Platform): typeof posix {
  const path = process.getBuiltinModule("node:path");
  return platform === "win32" ? path.win32 : path.posix;
}

/** Joins as `node:path` does, which is loaded only where a path needs more than slashes between names. */
function joinPaths(platform: NodeJS.Platform, folder: string, ...names: readonly string[]): string {
  const path = [folder, ...names].join("/");
  const isPlain =
    platform !== "win32" && folder.startsWith("/") && !unplainParts.some((part) => `${path}/`.includes(part));
  return isPlain ? path : pathsOf(platform).join(folder, ...names);
}

const unplainParts = ["//", "/./", "/../"];

function isAbsolute(platform: NodeJS.Platform, path: string): boolean {
  return platform === "win32" ? pathsOf(platform).isAbsolute(path) : path.startsWith("/");
}

/**
 * Returns `value` if it is an absolute path: the XDG rules ignore others, and a relative one could be in a stranger's
 * folder.
 */
function absoluteOr(place: Place, value: string | undefined, ...fallback: string[]): string {
  return value !== undefined && isAbsolute(place.platform, value)
    ? value
    : joinPaths(place.platform, place.homeDir, ...fallback);
}

/**
 * The folder of the user's `.env`: `claude-proxy` in `$XDG_CONFIG_HOME` or `~/.config`, `~/Library/Application
 * Support`, or `%APPDATA%`.
 * @returns an absolute path; the folder need not exist
 */
export function locateConfigFolder(place: Place): string {
  const parent =
    place.platform === "win32"
      ? absoluteOr(place, place.env["APPDATA"], "AppData", "Roaming")
      : place.platform === "darwin"
        ? absoluteOr(place, undefined, "Library", "Application Support")
        : absoluteOr(place, place.env["XDG_CONFIG_HOME"], ".config");
  return joinPaths(place.platform, parent, appFolder);
}

/**
 * The folder of the log: `claude-proxy` in `$XDG_STATE_HOME` or `~/.local/state`, `~/Library/Logs`, or `%LOCALAPPDATA%`
 * (on Windows `logs` within it).
 * @returns an absolute path; the folder need not exist
 */
export function locateLogFolder(place: Place): string {
  if (place.platform === "win32") {
    return pathsOf("win32").join(
      absoluteOr(place, place.env["LOCALAPPDATA"], "AppData", "Local"),
      appFolder,
      "logs",
    );
  }
  const parent =
    place.platform === "darwin"
      ? absoluteOr(place, undefined, "Library", "Logs")
      : absoluteOr(place, place.env["XDG_STATE_HOME"], ".local", "state");
  return joinPaths(place.platform, parent, appFolder);
}

/**
 * The folder for what the program learns: `claude-proxy` in `$XDG_STATE_HOME` or `~/.local/state` on Linux,
 * `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows. On Linux `$STATE_DIRECTORY` wins: systemd sets
 * it for a unit with `StateDirectory=`, which may name several folders.
 * @returns an absolute path; the folder need not exist
 */
export function locateStateFolder(place: Place): string {
  if (place.platform === "win32") return pathsOf("win32").dirname(locateLogFolder(place));
  if (place.platform === "darwin") return locateConfigFolder(place);
  const [ofUnit] = (place.env["STATE_DIRECTORY"] ?? "").split(":");
  return ofUnit?.startsWith("/") === true ? pathsOf("linux").normalize(ofUnit) : locateLogFolder(place);
}

/**
 * The file of the record of requests.
 * @returns an absolute path; the file need not exist
 */
export function locateRecord(place: Place): string {
  return joinPaths(place.platform, locateStateFolder(place), "record.sqlite");
}

/** The paths of what is written: the log that was named, the state folder, and those that had its files before. */
export function locateFiles(logFilePath: string, place: Place) {
  const stateFolder = locateStateFolder(place);
  const logFolders = new Set([pathsOf(place.platform).dirname(logFilePath), locateLogFolder(place)]);
  const formerStateFolders = [...logFolders].filter((folder) => folder !== stateFolder);
  return { logFilePath, stateFolder, formerStateFolders };
}

/**
 * The file of Claude Code's settings for this user: in `$CLAUDE_CONFIG_DIR` or `~/.claude`.
 * @returns an absolute path; the file need not exist
 */
export function locateClaudeSettings(place: Place): string {
  return pathsOf(place.platform).join(
    absoluteOr(place, place.env["CLAUDE_CONFIG_DIR"], ".claude"),
    "settings.json",
  );
}
