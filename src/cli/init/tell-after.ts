import { existsSync } from "node:fs";
import { join } from "node:path";
import { locateClaudeSettings, type Place } from "../../config/locate-folders.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { nameFile, nameProgram } from "../name-program.ts";
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
    talk.sayCommand("Next, in your project:", [nameProgram(place, process.execPath), "run", ...named]);
    return;
  }
  const own = join(import.meta.dir, "../../..", ".env");
  if (named.length === 0 && existsSync(own)) {
    talk.warn(`npm start reads ${shortenHome(own, place.homeDir)} first, and no other .env beside it.`);
  }
  talk.sayCommand("Next:", ["npm start", ...(named.length === 0 ? [] : ["--", ...named])]);
}

function setsAddress(path: string): boolean {
  const { env } = readClientSettings(path).settings;
  return isJsonObject(env) && typeof env["ANTHROPIC_BASE_URL"] === "string";
}
