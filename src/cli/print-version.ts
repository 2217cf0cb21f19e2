import type { Terminal } from "./terminal.ts";
import { versionText } from "./version.ts";

/**
 * Prints the version, as `runProgram` does for `--version`. Scripts and service managers ask for it often, and loading the command
 * line of the whole program takes three times as long as the rest.
 * @returns the exit code
 */
export function runProgram(_args: readonly string[], terminal: Terminal): number {
  terminal.stdout(`${versionText}\n`);
  return 0;
}
