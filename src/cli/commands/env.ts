import { Argument, type Command } from "commander";
import type { VariableForm } from "../../launch/format-variables.ts";
import { type ClientFlags, readClientFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface EnvFlags extends ClientFlags {
  readonly model?: string;
}

/** Written here too, so that `--help` does not load what formats them. */
const forms = ["bash", "zsh", "fish", "powershell", "cmd", "json"] as const satisfies readonly VariableForm[];

/** Adds `claude-proxy env`, which prints the variables under which Claude Code uses the running proxy. */
export function addEnvCommand(program: Command, terminal: Terminal): void {
  program
    .command("env")
    .description("Print the variables under which Claude Code uses the running proxy, for a shell or an IDE")
    .addArgument(new Argument("[shell]", "for whom (default: the shell of this user)").choices(forms))
    .option("--model <name>", "The model to begin with: one of the proxy, or opus, sonnet, haiku")
    .option("--client <name>", "Ask with the key of this client of the configuration file")
    .option("--port <value>", "Port of the proxy (PORT; default: 8080)")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file and no other")
    .addHelpText("before", "Example: claude-proxy env bash\n")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (shell: VariableForm | undefined, flags: EnvFlags) => {
      const { printVariables } = await import("../run/print-variables.ts");
      const search = readClientFlags(flags);
      await printVariables({ search, model: flags.model ?? null, form: shell ?? null }, terminal);
    });
}

function composeNotes(): string {
  return `To set them in the shell that runs this:
  bash, zsh    eval "$(claude-proxy env bash)"
  fish         claude-proxy env fish | source
  powershell   claude-proxy env powershell | Out-String | Invoke-Expression
  cmd          for /f "delims=" %i in ('claude-proxy env cmd') do @%i

json is for the env of an IDE or of Claude Code's own settings; there an empty text means that the variable must not be set. A terminal is shown no key: send the output somewhere. Whoever reads it can use the proxy.`;
}
