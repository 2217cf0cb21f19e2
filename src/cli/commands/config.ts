import type { Command } from "commander";
import { type ConfigFlags, readConfigFlags } from "../config/config-flags.ts";
import { composeConfigNotes, createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface ShowFlags extends ConfigFlags {
  readonly json?: true;
}

const configFlag = "--config <path>";
const configWords = "The file (CONFIG_FILE; default: config.yaml in the config folder)";
const envFileFlag = "--env-file <path>";
const envFileWords = "Read this .env file and no other";

/** Adds `claude-proxy config`, which shows the settings, and edits and checks the configuration file. */
export function addConfigCommand(program: Command, terminal: Terminal): void {
  const config = program
    .command("config")
    .description("Show the settings, edit or check the configuration file config.yaml, or print its schema")
    .addHelpText("before", "Example: claude-proxy config check\n")
    .addHelpText("after", createHelpText(terminal, composeConfigNotes));
  config
    .command("show")
    .description("Show the settings that are in force, and where each of them came from; keys are masked")
    .addHelpText("before", "Example: claude-proxy config show --json\n")
    .option(configFlag, configWords)
    .option(envFileFlag, envFileWords)
    .option("--json", "Print JSON")
    .action(async (flags: ShowFlags) => {
      const { showConfig } = await import("../config/show-config.ts");
      await showConfig(readConfigFlags(flags), flags.json === true, terminal);
    });
  config
    .command("edit")
    .description(
      "Open a copy of the file in your editor (VISUAL, EDITOR), check it, and only then put it into force",
    )
    .addHelpText("before", "Example: claude-proxy config edit\n")
    .option(configFlag, configWords)
    .option(envFileFlag, envFileWords)
    .addHelpText("after", createHelpText(terminal, composeEditNotes))
    .action(async (flags: ConfigFlags) => {
      const { editFile } = await import("../config/edit-file.ts");
      await editFile(readConfigFlags(flags), terminal);
    });
  config
    .command("check")
    .description("Say what is wrong with the file, or ok; exit code 2 for a fault")
    .addHelpText("before", "Example: claude-proxy config check --config config.yaml\n")
    .option(configFlag, configWords)
    .option(envFileFlag, envFileWords)
    .action(async (flags: ConfigFlags) => {
      const { checkFile } = await import("../config/check-file.ts");
      await checkFile(readConfigFlags(flags), terminal);
    });
  config
    .command("schema")
    .description("Print the JSON Schema of the file, by which editors help to write it")
    .addHelpText("before", "Example: claude-proxy config schema > config.schema.json\n")
    .action(async () => {
      const { buildFileSchema } = await import("../../config/file/file-schema.ts");
      terminal.stdout(`${JSON.stringify(buildFileSchema(), null, 2)}\n`);
    });
}

function composeEditNotes(): string {
  return (
    "What you type is never lost: a copy that is not taken over stays beside the file. An editor with a window of its " +
    "own must not return before you close it: EDITOR='code --wait'."
  );
}
