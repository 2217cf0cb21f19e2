import { existsSync, realpathSync } from "node:fs";
import { type Place, pathsOf } from "../../config/locate-folders.ts";

function isSameFile(path: string, executablePath: string): boolean {
  return existsSync(path) && realpathSync(path) === realpathSync(executablePath);
}

/**
 * The path by which a service should start the running program. Homebrew and Scoop keep every version in a folder of
 * its own and link to the newest; a service with the folder of one version would stop working once that is removed.
 * @param executablePath absolute path of the running program, links resolved
 * @returns the link of Homebrew or Scoop, or the user's own link on `PATH`; else the path itself
 */
export function locateProgram(executablePath: string, place: Place): string {
  const paths = pathsOf(place.platform);
  const onPath = Bun.which(paths.basename(executablePath), {
    PATH: place.env["PATH"] ?? place.env["Path"] ?? "",
  });
  const versionFolder = paths.dirname(executablePath);
  const candidates = [
    ...(onPath === null || !paths.isAbsolute(onPath) ? [] : [onPath]),
    paths.join(paths.dirname(versionFolder), "current", paths.basename(executablePath)),
  ];
  return candidates.find((candidate) => isSameFile(candidate, executablePath)) ?? executablePath;
}
