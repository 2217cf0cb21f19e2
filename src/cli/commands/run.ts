import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { type ClientFlags, readClientFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface RunFlags extends ClientFlags {
  readonly model?: string;
}

/** Adds `claude-proxy run`, which starts Claude Code with the proxy and sets nothing that stays. */
export function addRunCommand(program: Command, terminal: Terminal): void {
  program
    .command("run")
    .description("Run Claude Code with the running proxy, or with one of its own while it runs")
    .usage("[options] [-- claude's arguments]")
    .argument("[arguments...]", "what Claude Code is given; its own flags stand behind --")
    .option("--model <name>", "The model to begin with: one of the proxy, or opus, sonnet, haiku")
    .option("--client <name>", "Ask with the key of this client of the configuration file")
    .option("--port <value>", "Port of the proxy (PORT; default: 8080)")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file and no other")
    .addHelpText("before", 'Example: claude-proxy run --model sonnet -- -p "What does this do?"\n')
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (args: readonly string[], flags: RunFlags) => {
      const { runClaude } = await import("../run/run-claude.ts");
      const search = readClientFlags(flags);
      const exitCode = await runClaude({ search, model: flags.model ?? null, args }, terminal);
      // It has said why itself.
      if (exitCode !== 0) throw new CommandError("", exitCode);
    });
}

function composeNotes(): string {
  return (
    "Claude Code gets the proxy's address and key, its models for /model, their windows and their prices, as its version " +
    "takes them; one line says what could not be set. None of its files is written. If no proxy answers on the port, " +
    "one is started on a free port until Claude Code ends; its log goes to the log file. The exit code is Claude Code's.\n\n" +
    "In /model, s takes a model for the session. Enter makes it Claude Code's default, also without the proxy."
  );
}
