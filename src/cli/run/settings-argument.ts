import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../json/json-value.ts";

/** The value of `--settings`. */
export interface SettingsArgument {
  readonly text: string;
  /** Removes the file, if there is one. */
  remove(): void;
}

/** Systems take longer arguments; Windows takes 32,000 characters in all. */
const mostCharacters = 8_000;

/**
 * Creates the value of `--settings`: JSON, or the path of a file that only this user can read.
 * @param isPrivate whether they may hold what no list of processes may show
 */
export function createSettingsArgument(settings: JsonObject, isPrivate: boolean): SettingsArgument {
  const text = JSON.stringify(settings);
  if (!isPrivate && text.length <= mostCharacters) return { text, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-run-"));
  const path = join(folder, "settings.json");
  writeFileSync(path, text, { mode: 0o600 });
  return { text: path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
