import { existsSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { locateClaudeSettings, type Place } from "../../config/locate-folders.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { readClientSettings } from "../run/client-settings.ts";
import { shortenHome } from "../shorten-home.ts";
import { isBuilt } from "../version.ts";
import type { InitFlags } from "./init-flags.ts";
import type { Talk } from "./talk.ts";

/** Tells the next command, and what would lead it past what was written. */
export function tellAfter(flags: InitFlags, place: Place, talk: Talk): void {
  const path = locateClaudeSettings(place);
  if (setsAddress(path)) {
    talk.warn(
      `${shortenHome(path, place.homeDir)} sets ANTHROPIC_BASE_URL, which Claude Code takes before that of the terminal. claude-proxy run overrides it; a plain claude does not reach claude-proxy until you remove it there.`,
    );
  }
  const named = [
    ...nameFile("--config", flags.config, place),
    ...nameFile("--env-file", flags.envFile, place),
  ];
  if (isBuilt) {
    talk.say(`Next, in your project: ${[nameProgram(place), "run", ...named].join(" ")}`);
    return;
  }
  const own = join(import.meta.dir, "../../..", ".env");
  if (named.length === 0 && existsSync(own)) {
    talk.warn(`npm start reads ${shortenHome(own, place.homeDir)} first, and no other .env beside it.`);
  }
  talk.say(`Next: ${["npm start", ...(named.length === 0 ? [] : ["--", ...named])].join(" ")}`);
}

/** The flag by which a file is read that is not in its usual place. */
function nameFile(flag: string, path: string | undefined, { homeDir }: Place): string[] {
  return path === undefined ? [] : [flag, quote(resolve(path), homeDir)];
}

/** The command that starts this program: its name, where `PATH` leads to it, or its path. */
function nameProgram({ env, homeDir }: Place): string {
  const name = basename(process.execPath);
  const onPath = Bun.which(name, { PATH: env["PATH"] ?? env["Path"] ?? "" });
  const isOnPath = onPath !== null && realpathSync(onPath) === realpathSync(process.execPath);
  return isOnPath ? name.replace(/\.exe$/i, "") : quote(process.execPath, homeDir);
}

/** A path as a shell takes it. In quotes, and on Windows, `~` is nothing special. */
function quote(path: string, homeDir: string): string {
  if (process.platform === "win32") return /^[\w\\/.:-]+$/.test(path) ? path : `"${path}"`;
  const short = shortenHome(path, homeDir);
  return /^[\w~/.:-]+$/.test(short) ? short : `'${path.replaceAll("'", `'\\''`)}'`;
}

function setsAddress(path: string): boolean {
  const { env } = readClientSettings(path).settings;
  return isJsonObject(env) && typeof env["ANTHROPIC_BASE_URL"] === "string";
}
