import { readFileSync } from "node:fs";
import { isMissingFile } from "../../files/read-own-file.ts";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

/** What a file of Claude Code's settings holds. */
export interface ClientSettings {
  /** Empty if there is no file, or if it cannot be read. */
  readonly settings: JsonObject;
  /** Why it cannot be read; null if it can, or if there is none. */
  readonly fault: string | null;
}

/** Reads a file of Claude Code's settings; it is never written. */
export function readClientSettings(path: string): ClientSettings {
  try {
    const settings = parseJson(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
    return isJsonObject(settings)
      ? { settings, fault: null }
      : { settings: {}, fault: "it is no JSON object" };
  } catch (error) {
    if (isMissingFile(error)) return { settings: {}, fault: null };
    return { settings: {}, fault: error instanceof Error ? error.message : "unknown" };
  }
}

/** Says that Claude Code has saved one of our models as its default, and how to undo it; null if it has not. */
export function describeSavedModel(
  before: unknown,
  after: unknown,
  { ids, file }: { ids: ReadonlySet<string>; file: string },
): string | null {
  if (typeof after !== "string" || after === before || !ids.has(after.replace(/\[1m\]$/i, ""))) return null;
  return (
    `Claude Code has saved ${after} as its default model, and would ask Anthropic for it without the proxy.\n` +
    `To undo it: choose Default in /model, or remove "model" from ${file}`
  );
}
