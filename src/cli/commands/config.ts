import type { Command } from "commander";
import { foldText } from "../../logging/fold-text.ts";
import { CommandError } from "../command-error.ts";
import { composeConfigNotes, createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface CheckFlags {
  readonly config?: string;
  readonly envFile?: string;
}

async function printSchema(terminal: Terminal): Promise<void> {
  const { buildFileSchema } = await import("../../config/file/file-schema.ts");
  terminal.stdout(`${JSON.stringify(buildFileSchema(), null, 2)}\n`);
}

async function checkFile({ config: configFile, envFile }: CheckFlags, terminal: Terminal): Promise<void> {
  const { findConfigFile, findUsualConfigFile, loadConfigWithFile } = await import(
    "../../config/load-config-with-file.ts"
  );
  const { startLoading } = await import("../../config/load-config.ts");
  const options = {
    ...(configFile === undefined ? {} : { configFile }),
    ...(envFile === undefined ? {} : { envFile }),
  };
  const start = startLoading(options);
  if (findConfigFile(start) === null) {
    const usual = findUsualConfigFile(start.place);
    const { findUnreadFiles } = await import("../../config/describe-places.ts");
    const { pathsOf } = await import("../../config/locate-folders.ts");
    throw new CommandError(
      [
        `There is no configuration file: ${usual} does not exist.`,
        ...findUnreadFiles(pathsOf(start.place.platform), usual, process.cwd()),
        "For another file: claude-proxy config check --config PATH",
      ].join("\n"),
      2,
    );
  }
  const loaded = await loadConfigWithFile(options);
  const { file } = loaded.config;
  if (file === null) return;
  for (const warning of loaded.warnings) {
    terminal.stderr(`${foldText(`Warning: ${warning}`, terminal.columns, "  ")}\n`);
  }
  const counts = [
    count(file.upstreams.size, "upstream"),
    count(file.routes.length, "route"),
    count(file.cases.length, "case"),
    count(file.clients.length, "client"),
  ];
  terminal.stdout(`${foldText(`ok: ${file.path} has ${counts.join(", ")}`, terminal.columns, "  ")}\n`);
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** Adds `claude-proxy config`, which checks the configuration file, and prints its JSON Schema for editors. */
export function addConfigCommand(program: Command, terminal: Terminal): void {
  const config = program
    .command("config")
    .description("Check the configuration file config.yaml, or print its schema")
    .addHelpText("before", "Example: claude-proxy config check\n")
    .addHelpText("after", createHelpText(terminal, composeConfigNotes));
  config
    .command("check")
    .description("Say what is wrong with the file, or ok; exit code 2 for a fault")
    .addHelpText("before", "Example: claude-proxy config check --config config.yaml\n")
    .option("--config <path>", "The file (CONFIG_FILE; default: config.yaml in the config folder)")
    .option("--env-file <path>", "Read this .env file and no other")
    .action((flags: CheckFlags) => checkFile(flags, terminal));
  config
    .command("schema")
    .description("Print the JSON Schema of the file, by which editors help to write it")
    .addHelpText("before", "Example: claude-proxy config schema > config.schema.json\n")
    .action(() => printSchema(terminal));
}
