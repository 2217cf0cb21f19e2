import type { Command } from "commander";
import type { Terminal } from "../terminal.ts";

// Defined by the build (scripts/build.ts); undefined when the program runs from its source.
declare const CLAUDE_PROXY_NOTICES: string | undefined;

const notices =
  typeof CLAUDE_PROXY_NOTICES === "string"
    ? CLAUDE_PROXY_NOTICES
    : "claude-proxy is licensed under the MIT licence, see LICENSE. The licences of other works are in node_modules.";

/** Adds `claude-proxy licenses`, which prints the licences of all code in the program. */
export function addLicensesCommand(program: Command, terminal: Terminal): void {
  program
    .command("licenses")
    .description("Print the licences of everything that is in this program")
    .addHelpText("before", "Example: claude-proxy licenses | less\n")
    .action(() => terminal.stdout(`${notices}\n`));
}
