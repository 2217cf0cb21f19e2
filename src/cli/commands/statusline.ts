import type { Command } from "commander";
import { createHelpText } from "../help-texts.ts";
import { formatNames, usualFormat } from "../statusline/format-names.ts";
import type { Terminal } from "../terminal.ts";

interface StatusLineFlags {
  readonly format?: string;
  readonly setup?: true;
  readonly json?: true;
  /** False with `--no-color`. */
  readonly color: boolean;
}

/** Adds `claude-proxy statusline`, which Claude Code runs every other second. */
export function addStatusLineCommand(program: Command, terminal: Terminal): void {
  program
    .command("statusline")
    .description("Print a line for Claude Code's status line: real model and window, cost, cache")
    .addHelpText("before", "Example: claude-proxy statusline --setup\n")
    .option("--setup", "Print the settings that make Claude Code show the line, and where they belong")
    .option("--format <text>", "What the line says, with names in braces")
    .option("--json", "Print JSON: the values, or with --setup the settings")
    .option("--no-color", "Leave out the grey of the separators")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(show);

  async function show({ format, setup, json, color }: StatusLineFlags): Promise<void> {
    const isJson = json === true;
    if (setup === true) {
      const { showSetup } = await import("../statusline/show-setup.ts");
      showSetup({ format, isJson }, terminal);
      return;
    }
    const { showStatusLine } = await import("../statusline/show-status-line.ts");
    await showStatusLine({ format, isJson, wantsColor: color }, terminal);
  }
}

function composeNotes(): string {
  const names = Object.entries(formatNames).map(
    ([name, meaning]) => `  ${`{${name}}`.padEnd(16)} ${meaning}`,
  );
  return `Without --format the line says:
  ${usualFormat}

Names that a format may have; what nobody knows is shown as "?":
${names.join("\n")}

Claude Code's own window and costs are those of Anthropic's models. Ours come from the record of the proxy on this machine. A line wider than the terminal loses what stands behind its last " · ".`;
}
