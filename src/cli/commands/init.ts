import { type Command, Option } from "commander";
import { createHelpText } from "../help-texts.ts";
import type { InitFlags } from "../init/init-flags.ts";
import type { Terminal } from "../terminal.ts";

/** Adds `claude-proxy init`, which sets the program up by questions or by flags. */
export function addInitCommand(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .description("Set it up: find keys and models, try them, and write the settings")
    .addHelpText("before", "Example: claude-proxy init\n")
    .option("--from <file>", "Take over this file of another program")
    .option(
      "--upstream <name or address>",
      "Where the models are, for example openrouter, ollama or http://gpu1:8000/v1",
    )
    .option("--key-env <name>", "The key stays in this variable of the environment")
    .option("--key-file <path>", "The key stays in this file")
    .option("--key-stdin", "Read the key from standard input")
    .addOption(
      new Option("--keep-key <where>", "Where a key from standard input is kept").choices([
        "file",
        "keychain",
      ]),
    )
    .option("--big-model <model>", "Model for opus, fable and, without another one, sonnet")
    .option("--medium-model <model>", "Model for sonnet")
    .option("--small-model <model>", "Model for haiku; with --yes, left out: the big one")
    .option("--no-try", "Send no request before the settings are written")
    .option("--yes", "Ask nothing: take the flags, and write without showing it first to a person")
    .option("--config <path>", "Write this configuration file, which exists, instead of the usual one")
    .option("--env-file <path>", "Write this .env file instead of the usual one")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((flags: InitFlags) => init(flags, terminal));
}

async function init(flags: InitFlags, terminal: Terminal): Promise<void> {
  const { isatty } = await import("node:tty");
  const { runInit } = await import("../init/run-init.ts");
  await runInit(flags, terminal, terminal.columns !== null && isatty(0));
}

function composeNotes(): string {
  return `Without questions, and from another program's file:
  claude-proxy init --yes --upstream openrouter --key-env OPENROUTER_API_KEY --big-model z-ai/glm-4.6 --small-model openai/gpt-5-mini
  claude-proxy init --from ~/.claude-code-router/config.json

Each flag answers one question, which is then not asked. There is no flag for a key itself: other users of the machine can see flags.

Files that can be taken over: config.json of claude-code-router, config.yaml of LiteLLM and of CLIProxyAPI, the .env of a claude-code-proxy in Python, and Claude Code's settings.json. They are only read.

One upstream is written into the .env, more than one into config.yaml, and the keys into the .env. What stands there already is kept, line by line. Ctrl-C writes nothing; the exit code is then 130.`;
}
