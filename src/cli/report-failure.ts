import { ConfigError } from "../config/config-error.ts";
import { escapeLines } from "../logging/escape-control-characters.ts";
import { foldText } from "../logging/fold-text.ts";
import { createTextRedactor } from "../logging/redact-text.ts";
import { CommandError } from "./command-error.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Tells the user what a command threw. Never prints a stack, which does not help a user.
 * @returns the exit code: 1 failed, 2 wrong usage or settings, or that of the command's own error
 */
export function reportFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof ConfigError) {
    terminal.stderr(`${foldText(escapeLines(error.message), terminal.columns, "  ")}\n`);
    return 2;
  }
  if (error instanceof CommandError) {
    // It may repeat a name from a file, or what an upstream said.
    const text = foldText(escapeLines(error.message), terminal.columns, "  ");
    terminal.stderr(text === "" ? "" : `${text}\n`);
    return error.exitCode;
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.stderr(`Internal error in claude-proxy. ${createTextRedactor([])(reason)}\n`);
  return 1;
}
