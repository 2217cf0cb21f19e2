import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { CommandError } from "../command-error.ts";

/** What a person gives Claude Code. */
export interface ClientArguments {
  /** All but `--settings`. */
  readonly rest: readonly string[];
  /** What he gives with `--settings`; null if nothing. */
  readonly settings: JsonObject | null;
  /** Whether his settings stand in a file, which may hold what no list of processes may show. */
  readonly isSettingsFile: boolean;
  /** The model that he names there; null if none. */
  readonly model: string | null;
}

/**
 * Reads the arguments for Claude Code, which takes one `--settings` only: ours and the user's have to become one.
 * @throws CommandError if `--settings` is neither a JSON object nor a file with one
 */
export function readClientArguments(args: readonly string[]): ClientArguments {
  const rest: string[] = [];
  let given: string | null = null;
  let model: string | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    // What follows is text, whatever it looks like.
    if (word === "--") {
      rest.push(...args.slice(index));
      break;
    }
    const [, name, joined] = /^(--settings|--model)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) {
      rest.push(word);
      continue;
    }
    const value = joined ?? args[index + 1];
    if (joined === undefined) index += 1;
    if (name === "--model") {
      model = value ?? null;
      rest.push(...(joined === undefined ? args.slice(index - 1, index + 1) : [word]));
    } else {
      given = value ?? "";
    }
  }
  if (given === null) return { rest, settings: null, isSettingsFile: false, model };
  const isSettingsFile = !given.trimStart().startsWith("{");
  return { rest, settings: parseGiven(given, isSettingsFile), isSettingsFile, model };
}

function parseGiven(given: string, isFile: boolean): JsonObject {
  const settings = parseJson(isFile ? readGivenFile(given) : given);
  if (!isJsonObject(settings)) {
    // It may hold a key, and is not repeated.
    const what = isFile ? `${given} holds` : "What is given there is";
    throw new CommandError(`--settings: ${what} no JSON object. Claude Code would not take it either.`, 2);
  }
  return settings;
}

function readGivenFile(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    throw new CommandError(`--settings: the file cannot be read: ${reason}`, 2, { cause: error });
  }
}
