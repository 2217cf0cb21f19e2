import { posix, win32 } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The properties of the machine that folders depend on. */
export interface Place {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly env: Environment;
}

const appFolder = "claude-proxy";

/** Path rules of the given platform, so that each platform can be tested on every other. */
export function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === "win32" ? win32 : posix;
}

/**
 * Returns `value` if it is an absolute path: the XDG rules ignore others, and a relative one could be in a stranger's
 * folder.
 */
function absoluteOr(place: Place, value: string | undefined, ...fallback: string[]): string {
  const paths = pathsOf(place.platform);
  return value !== undefined && paths.isAbsolute(value) ? value : paths.join(place.homeDir, ...fallback);
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
  return pathsOf(place.platform).join(parent, appFolder);
}

/**
 * The folder of the log: `claude-proxy` in `$XDG_STATE_HOME` or `~/.local/state`, `~/Library/Logs`, or `%LOCALAPPDATA%`
 * (on Windows `logs` within it).
 * @returns an absolute path; the folder need not exist
 */
export function locateLogFolder(place: Place): string {
  const paths = pathsOf(place.platform);
  if (place.platform === "win32") {
    return paths.join(absoluteOr(place, place.env["LOCALAPPDATA"], "AppData", "Local"), appFolder, "logs");
  }
  const parent =
    place.platform === "darwin"
      ? absoluteOr(place, undefined, "Library", "Logs")
      : absoluteOr(place, place.env["XDG_STATE_HOME"], ".local", "state");
  return paths.join(parent, appFolder);
}

/**
 * The folder for what the program learns: `claude-proxy` in `$XDG_STATE_HOME` or `~/.local/state` on Linux,
 * `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows. On Linux `$STATE_DIRECTORY` wins: systemd sets
 * it for a unit with `StateDirectory=`, which may name several folders.
 * @returns an absolute path; the folder need not exist
 */
export function locateStateFolder(place: Place): string {
  const paths = pathsOf(place.platform);
  if (place.platform === "win32") return paths.dirname(locateLogFolder(place));
  if (place.platform === "darwin") return locateConfigFolder(place);
  const [ofUnit] = (place.env["STATE_DIRECTORY"] ?? "").split(":");
  return ofUnit !== undefined && paths.isAbsolute(ofUnit) ? paths.normalize(ofUnit) : locateLogFolder(place);
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
