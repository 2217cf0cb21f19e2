import { ConfigError } from "../../config/config-error.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { usualFormat } from "./format-names.ts";
import { showStatusLine } from "./show-status-line.ts";

/**
 * Runs a command line that begins with `statusline`. Loading the command line of the whole program takes as long again as
 * the line itself, so that is left out where all is well, and does the rest: help, set-up, and what is wrong.
 * @param args the arguments without program and script
 * @returns the exit code, as from `runProgram`
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parsePlainFlags(args.slice(1));
  if (options !== null) {
    try {
      await showStatusLine({ ...options, isJson: false }, terminal);
      return 0;
    } catch (error) {
      // Thrown before anything was read: the other way comes to the same, and explains it.
      if (!(error instanceof CommandError || error instanceof ConfigError)) throw error;
    }
  }
  const whole = await import("../run-program.ts");
  return whole.runProgram(args, terminal);
}

/** Reads the flags that change the line; null if there is anything else. */
function parsePlainFlags(flags: readonly string[]): { format: string; wantsColor: boolean } | null {
  const options = { format: usualFormat, wantsColor: true };
  for (let index = 0; index < flags.length; index += 1) {
    const next = flags[index + 1];
    if (flags[index] === "--no-color") {
      options.wantsColor = false;
    } else if (flags[index] === "--format" && next !== undefined && !next.startsWith("-")) {
      options.format = next;
      index += 1;
    } else {
      return null;
    }
  }
  return options;
}
