import { CommanderError } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { foldText } from "../logging/fold-text.ts";
import { createTextRedactor } from "../logging/redact-text.ts";
import { CommandError } from "./command-error.ts";
import { createProgram } from "./create-program.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Reports what a command threw to the user, and returns the exit code. Never prints a stack, which does not help a
 * user.
 */
function reportFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Commander has already written its message; help and version count as success.
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof ConfigError) {
    terminal.stderr(`${foldText(error.message, terminal.columns, "  ")}\n`);
    return 2;
  }
  if (error instanceof CommandError) {
    const text = foldText(error.message, terminal.columns, "  ");
    terminal.stderr(text === "" ? "" : `${text}\n`);
    return error.exitCode;
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.stderr(`Internal error in claude-proxy. ${createTextRedactor([])(reason)}\n`);
  return 1;
}

/**
 * Runs one command line to its end.
 * @param args the arguments without program and script
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage or settings
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = createProgram(terminal);
  if (args.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    return reportFailure(error, terminal);
  }
}
