import { getSettingNote, type SettingName, settingNames } from "../../config/config-schema.ts";
import type { LoadConfigOptions } from "../../config/load-config.ts";
import { reportFailure } from "../report-failure.ts";
import type { Terminal } from "../terminal.ts";
import { serve } from "./serve.ts";

/**
 * Runs a command line that begins with `serve`. Loading the command line of the whole program takes a third of a start,
 * so that is left out where all is plain, and does the rest: help, and what is wrong with the flags.
 * @param args the arguments without program and script
 * @returns the exit code, as from `runProgram`
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parsePlainFlags(args.slice(1));
  if (options === null) {
    const whole = await import("../run-program.ts");
    return whole.runProgram(args, terminal);
  }
  try {
    await serve(options, terminal);
    return 0;
  } catch (error) {
    return reportFailure(error, terminal);
  }
}

/** Members of the options by their flags; those of settings come beside them. */
const pathFlags: ReadonlyMap<string, "envFile" | "configFile" | "cloneFolder"> = new Map([
  ["--env-file", "envFile"],
  ["--config", "configFile"],
  ["--clone-folder", "cloneFolder"],
]);

/** Reads flags that are known, each with its value behind it; null if there is anything else. */
function parsePlainFlags(words: readonly string[]): LoadConfigOptions | null {
  const paths: { envFile?: string; configFile?: string; cloneFolder?: string } = {};
  const flags: Partial<Record<SettingName, string>> = {};
  for (let index = 0; index < words.length; index += 2) {
    const flag = words[index] ?? "";
    const value = words[index + 1];
    if (value === undefined || value.startsWith("-")) return null;
    const path = pathFlags.get(flag);
    const name = path === undefined ? settingNames.find((one) => getSettingNote(one).flag === flag) : null;
    // An empty path is refused in the words of all commands.
    if (name === undefined || (path !== undefined && value === "")) return null;
    if (path !== undefined) paths[path] = value;
    else if (name !== null) flags[name] = value;
  }
  return { flags, ...paths };
}
