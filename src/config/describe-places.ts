import { readdirSync, statSync } from "node:fs";
import type { Place } from "./locate-folders.ts";
import { pathsOf } from "./locate-folders.ts";

export interface EnvFilePlaces {
  /** The file named by the user; no other is read then. */
  readonly named: string | null;
  /** The clone that the program was started in with `npm start`, whose `.env` comes first. */
  readonly cloneFolder: string | null;
  /** The config folder's. */
  readonly usualPath: string;
  /** The file that was read. */
  readonly readPath: string | null;
  readonly currentFolder: string;
}

/** How an `.env` is called by those who did not get its name right, or who have only copied the example. */
const nearlyEnv = /^(?:\.?env(?:\.(?:txt|example|sample|local|template))?|[\w-]+\.env)$/i;

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Whoever may not look into the folder cannot be told of a file in it.
    return false;
  }
}

function findNearlyEnv(folder: string): string | undefined {
  try {
    return readdirSync(folder).find((name) => name !== ".env" && nearlyEnv.test(name));
  } catch {
    // No such folder.
    return undefined;
  }
}

/**
 * The lines that tell a user, whose settings do not allow a start, where they are read from and what lies near and is not.
 * @param isFirstTime whether nothing at all was set
 */
export function describePlaces(places: EnvFilePlaces, place: Place, isFirstTime: boolean): string {
  const paths = pathsOf(place.platform);
  const { named, cloneFolder, usualPath, readPath, currentFolder } = places;
  const command = cloneFolder === null ? "claude-proxy serve --help" : "npm start -- --help";
  const inClone = cloneFolder === null ? null : paths.join(cloneFolder, ".env");
  const looked = inClone === null ? usualPath : `${inClone}, or else ${usualPath}`;
  const missing = inClone === null ? "does not exist yet" : "neither exists yet";
  const file = readPath ?? (named === null ? `${looked} (${missing})` : paths.resolve(named));
  const lines = [`Settings are read from flags (see: ${command}), the environment, and ${file}`];
  if (named === null && readPath === null) {
    const folder = cloneFolder ?? paths.dirname(usualPath);
    const nearly = findNearlyEnv(folder);
    if (nearly !== undefined) lines.push(`${paths.join(folder, nearly)} is not read: its name must be .env`);
  }
  const here = paths.join(currentFolder, ".env");
  if (named === null && here !== readPath && here !== inClone && exists(here)) {
    lines.push(`${here} is not read, because the current folder may not be yours. If it is: --env-file .env`);
  }
  if (isFirstTime) {
    lines.push(
      `To try it first without a key: ${cloneFolder === null ? "claude-proxy demo" : "npm run demo"}`,
    );
  }
  return lines.join("\n");
}
