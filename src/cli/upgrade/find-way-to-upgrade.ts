import { existsSync } from "node:fs";
import { type Place, pathsOf } from "../../config/locate-folders.ts";
import { shortenHome } from "../shorten-home.ts";

/** How the running program came here, as far as its place tells. */
interface Installed {
  /** Absolute path of the running program, links resolved. */
  readonly executablePath: string;
  readonly isBuilt: boolean;
  readonly place: Place;
}

/** The home folder that the Dockerfile gives the program. */
const containerHome = "/var/lib/claude-proxy";

/**
 * The command that replaces the program by the newest release, in the way in which it was installed; in words where no
 * command is known.
 * @param project the address of the project's page
 */
export function findWayToUpgrade({ executablePath, isBuilt, place }: Installed, project: string): string {
  const paths = pathsOf(place.platform);
  const folder = paths.dirname(executablePath);
  const clone = paths.dirname(folder);
  const latest = `${project}/releases/latest`;
  if (!isBuilt) return "git pull, in the clone";
  if (executablePath.includes("/Cellar/")) return "brew upgrade claude-proxy";
  if (/[\\/]scoop[\\/]apps[\\/]/i.test(executablePath)) return "scoop update claude-proxy";
  if (place.homeDir === containerHome) {
    return "git pull && docker compose up --detach --build, in the clone that has the Dockerfile";
  }
  if (paths.basename(folder) === "dist" && existsSync(paths.join(clone, ".git"))) {
    return `git pull && npm run build, in ${shortenHome(clone, place.homeDir)}`;
  }
  if (folder === locateScriptFolder(place)) {
    return place.platform === "win32"
      ? `irm ${latest}/download/install.ps1 | iex`
      : `curl -fsSL ${latest}/download/install.sh | sh`;
  }
  return `put the program from ${latest} in the place of ${shortenHome(executablePath, place.homeDir)}`;
}

/** Where the install script puts the program; null if that cannot be known. */
function locateScriptFolder({ platform, homeDir, env }: Place): string | null {
  const paths = pathsOf(platform);
  if (platform !== "win32") return paths.join(homeDir, ".local/bin");
  const local = env["LOCALAPPDATA"];
  return local === undefined ? null : paths.join(local, "Programs", "claude-proxy");
}
