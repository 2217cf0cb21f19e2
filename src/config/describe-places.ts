import { readdirSync, statSync } from "node:fs";
import type { Place } from "./locate-folders.ts";
import { pathsOf } from "./locate-folders.ts";
import { readSettingsText } from "./read-settings-text.ts";

export interface EnvFilePlaces {
  /** The file named by the user; then no other is read. */
  readonly named: string | null;
  /** The clone in which the program was started with `npm start`; its `.env` comes first. */
  readonly cloneFolder: string | null;
  /** The path of the config folder's `.env`. */
  readonly usualPath: string;
  /** The file that was read. */
  readonly readPath: string | null;
  readonly currentFolder: string;
}

/** File names of users who got the name `.env` wrong, or only copied the example. */
const nearlyEnv = /^(?:\.?env(?:\.(?:txt|example|sample|local|template))?|[\w-]+\.env)$/i;

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A user who cannot read the folder cannot use a file in it either.
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
 * Lines about configuration files that somebody has written where, or under a name by which, they are not read.
 * @param usualPath a file in the config folder
 */
export function findUnreadFiles(
  paths: ReturnType<typeof pathsOf>,
  usualPath: string,
  currentFolder: string,
): string[] {
  const lines: string[] = [];
  for (const name of ["config.yml", "config.yaml.txt"]) {
    const path = paths.join(paths.dirname(usualPath), name);
    if (exists(path)) lines.push(`${path} is not read: its name must be config.yaml`);
  }
  const here = paths.join(currentFolder, "config.yaml");
  const read = exists(here) ? readSettingsText(here) : null;
  // Many programs have a file of that name.
  if (read !== null && "text" in read && /^upstreams:/m.test(read.text)) {
    lines.push(
      `${here} is not read, because the current folder may not be yours. If it is: --config config.yaml`,
    );
  }
  return lines;
}

/**
 * Explains to a user whose settings do not allow a start where settings are read from, and which nearby files are not
 * read.
 * @param isFirstTime whether nothing of an upstream was set
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
  lines.push(...findUnreadFiles(paths, usualPath, currentFolder));
  if (isFirstTime) {
    const [init, demo] =
      cloneFolder === null ? ["claude-proxy init", "claude-proxy demo"] : ["npm run init", "npm run demo"];
    lines.push(
      `To be asked for all of it, with models to choose from: ${init}`,
      `To try it first without a key: ${demo}`,
    );
  }
  return lines.join("\n");
}
