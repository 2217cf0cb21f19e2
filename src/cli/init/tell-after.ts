import { locateClaudeSettings, type Place } from "../../config/locate-folders.ts";
import { readSettingsText } from "../../config/read-settings-text.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { shortenHome } from "../shorten-home.ts";
import { isBuilt } from "../version.ts";
import type { Talk } from "./talk.ts";

/** Tells the next command, and what in Claude Code's own settings would lead it past the proxy. */
export function tellAfter(place: Place, talk: Talk): void {
  const path = locateClaudeSettings(place);
  if (setsAddress(path)) {
    talk.warn(
      `${shortenHome(path, place.homeDir)} sets ANTHROPIC_BASE_URL, which Claude Code takes before that of the terminal. Remove it there to use claude-proxy.`,
    );
  }
  talk.say(`Next: ${isBuilt ? "claude-proxy serve" : "npm start"}`);
}

function setsAddress(path: string): boolean {
  const read = readSettingsText(path);
  const settings: unknown = "text" in read ? parseJson(read.text) : null;
  const env = isJsonObject(settings) ? settings["env"] : null;
  return isJsonObject(env) && typeof env["ANTHROPIC_BASE_URL"] === "string";
}
