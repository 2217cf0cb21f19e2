import { posix, win32 } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The machine as far as folders depend on it. */
export interface Place {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly env: Environment;
}

const appFolder = "claude-proxy";

/** Path rules of the given platform, so that each platform's can be tested on every other. */
export function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === "win32" ? win32 : posix;
}

/** `value` when it is an absolute path: the XDG rules want others to be ignored, and so would a stranger's folder. */
function absoluteOr(place: Place, value: string | undefined, ...fallback: string[]): string {
  const paths = pathsOf(place.platform);
  return value !== undefined && paths.isAbsolute(value) ? value : paths.join(place.homeDir, ...fallback);
}

/**
 * Where the user's `.env` is looked for: `$XDG_CONFIG_HOME` or `~/.config`, `~/Library/Application Support`, or
 * `%APPDATA%`, in each the folder `claude-proxy`.
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
 * Where the log goes: `$XDG_STATE_HOME` or `~/.local/state`, `~/Library/Logs`, or `%LOCALAPPDATA%`, in each the
 * folder `claude-proxy` (on Windows `logs` within it).
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
 * Where the program keeps what it learns: on Linux `$XDG_STATE_HOME` or `~/.local/state`, on macOS
 * `~/Library/Application Support`, on Windows `%LOCALAPPDATA%`, in each the folder `claude-proxy`. On Linux
 * `$STATE_DIRECTORY` wins: systemd sets it for a unit with `StateDirectory=`, which may name several folders.
 * @returns an absolute path; the folder need not exist
 */
export function locateStateFolder(place: Place): string {
  const paths = pathsOf(place.platform);
  if (place.platform === "win32") return paths.dirname(locateLogFolder(place));
  if (place.platform === "darwin") return locateConfigFolder(place);
  const [ofUnit] = (place.env["STATE_DIRECTORY"] ?? "").split(":");
  return ofUnit !== undefined && paths.isAbsolute(ofUnit) ? paths.normalize(ofUnit) : locateLogFolder(place);
}
