import type { Command } from "commander";
import type { ChangeFlags } from "../clients/change-clients.ts";
import type { ListFlags } from "../clients/list-clients.ts";
import type { LimitFlags } from "../clients/parse-changes.ts";
import type { ConfigFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

/** Adds `claude-proxy clients`, which lists and changes who may ask where several instances share a record. */
export function addClientsCommand(program: Command, terminal: Terminal): void {
  const clients = program
    .command("clients")
    .description("Show or change who may ask, where several instances share a record in PostgreSQL")
    .addHelpText("before", "Example: claude-proxy clients\n")
    .addHelpText("after", createHelpText(terminal, composeNotes));
  addFiles(clients.command("list", { isDefault: true }))
    .description("Show the clients, and what they may do")
    .addHelpText("before", "Example: claude-proxy clients list --json\n")
    .option("--json", "Print JSON")
    .action(async (flags: ListFlags) => {
      const { showClients } = await import("../clients/list-clients.ts");
      await showClients(flags, terminal);
    });
  addFiles(addLimits(clients.command("add <name>")))
    .description("Add a client, and print its key: once, alone on standard output")
    .addHelpText("before", 'Example: claude-proxy clients add ci --usd-per-day 20 --models "azure/*"\n')
    .option("--admin", "It sees the requests of all clients in the dashboard")
    .action(async (name: string, flags: LimitFlags) => {
      const { addNewClient } = await import("../clients/change-clients.ts");
      await addNewClient(name, flags, terminal);
    });
  addFiles(addLimits(clients.command("change <name>")))
    .description("Change what a client may do, or its key; what is not named stays")
    .addHelpText("before", "Example: claude-proxy clients change ci --usd-per-day none --new-key\n")
    .option("--admin", "It sees the requests of all clients in the dashboard")
    .option("--no-admin", "It sees its own requests only")
    .option("--new-key", "Give it another key, and print that")
    .action(async (name: string, flags: ChangeFlags) => {
      const { changeKnownClient } = await import("../clients/change-clients.ts");
      await changeKnownClient(name, flags, terminal);
    });
  addFiles(clients.command("remove <name>"))
    .description("Refuse a client from now on")
    .addHelpText("before", "Example: claude-proxy clients remove ci\n")
    .action(async (name: string, flags: ConfigFlags) => {
      const { removeKnownClient } = await import("../clients/change-clients.ts");
      await removeKnownClient(name, flags, terminal);
    });
}

function addLimits(command: Command): Command {
  return command
    .option("--usd-per-day <dollars>", "What it may cost in a day; none: no limit")
    .option("--usd-per-month <dollars>", "What it may cost in a month; none: no limit")
    .option("--requests-per-minute <count>", "At all instances together; none: no limit")
    .option("--models <patterns>", "The targets that it may use, with commas between them; none: all");
}

function addFiles(command: Command): Command {
  return command
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file and no other");
}

function composeNotes(): string {
  return (
    "The database is the one that RECORD names, in the environment, .env or config.yaml: the command works on any machine " +
    "that reaches it. It has no key, only digests. Without such a record, clients are in config.yaml."
  );
}
