import { type Command, Option } from "commander";
import { projectPage } from "../../config/config-schema.ts";
import { CommandError } from "../command-error.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";
import { isBuilt, version } from "../version.ts";

interface UpgradeFlags {
  readonly check?: true;
  /** The address of the project's page. */
  readonly from: string;
}

/** Adds `claude-proxy upgrade`, which says whether there is a newer release and how to get it. */
export function addUpgradeCommand(program: Command, terminal: Terminal): void {
  program
    .command("upgrade")
    .description("Say whether there is a newer release, and how to get it; nothing is replaced")
    .addHelpText("before", "Example: claude-proxy upgrade --check\n")
    .option("--check", "Ask the project's page for the newest release")
    .addOption(new Option("--from <url>", "The project's page").default(projectPage).hideHelp())
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((flags: UpgradeFlags) => upgrade(flags, terminal));
}

function composeNotes(): string {
  return (
    "It asks only when you run this, and the program never asks by itself. The exit code is 0 if this is the newest " +
    "release, 10 if there is a newer one, and 1 if that cannot be found out."
  );
}

async function upgrade({ check, from }: UpgradeFlags, terminal: Terminal): Promise<void> {
  const { getCurrentPlace } = await import("../../config/current-place.ts");
  const { findWayToUpgrade } = await import("../upgrade/find-way-to-upgrade.ts");
  const project = from.replace(/\/+$/, "");
  if (!/^https?:\/\//.test(project) || !URL.canParse(project)) {
    throw new CommandError("--from must be an address that begins with https://", 2);
  }
  const installed = { executablePath: process.execPath, isBuilt, place: getCurrentPlace() };
  const wayToUpgrade = findWayToUpgrade(installed, project);
  if (check !== true) {
    throw new CommandError(
      `claude-proxy does not replace itself. To upgrade: ${wayToUpgrade}\nTo see whether there is something newer: claude-proxy upgrade --check`,
      2,
    );
  }
  const { checkForUpgrade } = await import("../upgrade/check-for-upgrade.ts");
  await checkForUpgrade({ project, version: isBuilt ? version : null, wayToUpgrade }, terminal);
}
