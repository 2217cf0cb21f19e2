import { join } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { findTarget, formatArchiveName, formatProgramName } from "../targets.ts";

/** Where `bun run release` puts everything. */
export const releaseFolder = join(import.meta.dir, "../../../dist/release");

export const { version } = packageJson;

/** The program of a target, outside its archive. */
export function locateProgram(targetName: string): string {
  return join(releaseFolder, "binaries", targetName, formatProgramName(findTarget(targetName)));
}

export function locateArchive(targetName: string): string {
  return join(releaseFolder, formatArchiveName(findTarget(targetName), version));
}
