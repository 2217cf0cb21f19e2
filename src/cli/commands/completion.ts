import { Argument, type Command } from "commander";
import type { CompletedShell } from "../completion/completion-scripts.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

/** Written here too, so that `--help` does not load the scripts. */
const shells = ["bash", "zsh", "fish", "powershell"] as const satisfies readonly CompletedShell[];

/** Adds `claude-proxy completion`, which prints what makes a shell complete commands, flags and their values. */
export function addCompletionCommand(program: Command, terminal: Terminal): void {
  program
    .command("completion")
    .description("Print the script by which a shell completes commands, flags and their values")
    .usage("[options] <shell>")
    .addArgument(new Argument("<shell>", "for whom").choices(shells))
    .addArgument(new Argument("[words...]", "the words to complete, as the script asks"))
    .addHelpText("before", 'Example: eval "$(claude-proxy completion bash)"\n')
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (shell: CompletedShell, words: readonly string[]) => {
      if (words.length > 0) {
        const { answerShell } = await import("../completion/answer-shell.ts");
        terminal.stdout(answerShell(program, shell, words));
        return;
      }
      const { completionScripts } = await import("../completion/completion-scripts.ts");
      terminal.stdout(completionScripts[shell]);
    });
}

function composeNotes(): string {
  return `To have it in every new shell:
  bash         add to ~/.bashrc:   eval "$(claude-proxy completion bash)"
  zsh          add to ~/.zshrc:    eval "$(claude-proxy completion zsh)"
  fish         claude-proxy completion fish > ~/.config/fish/completions/claude-proxy.fish
  powershell   add to $PROFILE:    claude-proxy completion powershell | Out-String | Invoke-Expression

The script asks the claude-proxy on your PATH, so it stays right after an upgrade.`;
}
