import { realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Place } from "../config/locate-folders.ts";
import { shortenHome } from "./shorten-home.ts";

type NamingPlace = Pick<Place, "env" | "homeDir" | "platform">;

/** The flag by which a file is read that is not in its usual place, as a shell in any folder takes it. */
export function nameFile(flag: string, path: string | undefined, place: NamingPlace): string[] {
  return path === undefined ? [] : [flag, quotePath(resolve(path), place)];
}

/**
 * The command that starts this program: its name, where `PATH` leads to it, or its path.
 * @param executablePath of the built program
 */
export function nameProgram(place: NamingPlace, executablePath: string): string {
  const { env } = place;
  const name = basename(executablePath);
  const onPath = Bun.which(name, { PATH: env["PATH"] ?? env["Path"] ?? "" });
  const isOnPath = onPath !== null && realpathSync(onPath) === realpathSync(executablePath);
  return isOnPath ? name.replace(/\.exe$/i, "") : quotePath(executablePath, place);
}

/** A path as a shell takes it. In quotes, and on Windows, `~` is nothing special. */
function quotePath(path: string, { homeDir, platform }: NamingPlace): string {
  if (platform === "win32") return /^[\w\\/.:-]+$/.test(path) ? path : `"${path}"`;
  const short = shortenHome(path, homeDir);
  return /^[\w~/.:-]+$/.test(short) ? short : `'${path.replaceAll("'", `'\\''`)}'`;
}
