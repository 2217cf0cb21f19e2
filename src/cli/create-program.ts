import { Command } from "commander";
import { addCountCommand } from "./commands/count.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addLicensesCommand } from "./commands/licenses.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addServiceCommand } from "./commands/service.ts";
import { addStatusCommand } from "./commands/status.ts";
import type { Terminal } from "./terminal.ts";
import { versionText } from "./version.ts";

/**
 * Makes the command line with all its commands. Heavy modules are loaded by the command that needs them, so that
 * `--help` and `--version` answer at once.
 * @returns a program that throws commander's CommanderError instead of ending the process
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command("claude-proxy")
    .description("Run Claude Code with any OpenAI-compatible model.")
    .version(versionText, "-v, --version", "Print the version")
    .helpOption("-h, --help", "Show what there is")
    .helpCommand("help [command]", "Show what a command takes")
    .showHelpAfterError("For what there is, run: claude-proxy --help")
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .exitOverride();
  addServeCommand(program, terminal);
  addDemoCommand(program, terminal);
  addCountCommand(program, terminal);
  addStatusCommand(program, terminal);
  addServiceCommand(program, terminal);
  addLicensesCommand(program, terminal);
  return program;
}
