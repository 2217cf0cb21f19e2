import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { endStartPolicy } from "./end-start-policy.ts";
import type { Terminal } from "./terminal.ts";

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
  // A command may compute for long: count, or search a large record.
  endStartPolicy();
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const { reportFailure } = await import("./report-failure.ts");
      return reportFailure(error, terminal);
    }
    // Commander has already written its message; help and version count as success.
    return error.exitCode === 0 ? 0 : 2;
  }
}
