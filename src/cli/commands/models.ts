import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { type ConfigFlags, readConfigFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface ModelsFlags extends ConfigFlags {
  readonly filter?: string;
  readonly upstream?: string;
  readonly json?: true;
}

/** Adds `claude-proxy models`, which asks the upstreams for their lists. */
export function addModelsCommand(program: Command, terminal: Terminal): void {
  program
    .command("models")
    .description("List the models of your upstreams: window, price, images, and which route uses them")
    .addHelpText("before", 'Example: claude-proxy models --filter "glm 5"\n')
    .option("--filter <words>", "Only models with all of these words; * stands for anything")
    .option("--upstream <name>", "Only the models of this upstream of the configuration file")
    .option("--json", "Print JSON")
    .option("--config <path>", "Read this configuration file and no other")
    .option("--env-file <path>", "Read this .env file and no other")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((flags: ModelsFlags) => showModels(flags, terminal));
}

function composeNotes(): string {
  return (
    "Each upstream is asked for its list, with its own key; that costs nothing. A ? stands for what nobody says: " +
    "`models` in config.yaml can say it. Of an upstream that does not answer you see what it said before, and the exit " +
    "code is 1."
  );
}

async function showModels(flags: ModelsFlags, terminal: Terminal): Promise<void> {
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { listUpstreams } = await import("../../config/list-upstreams.ts");
  const { listModels } = await import("../models/list-models.ts");
  const { createWordFilter } = await import("../models/match-words.ts");
  const { config } = await loadConfigWithFile(readConfigFlags(flags));
  const names = listUpstreams(config).map(({ name }) => name);
  const { upstream } = flags;
  if (upstream !== undefined && !names.includes(upstream)) {
    throw new CommandError(`There is no upstream "${upstream}". There are: ${names.join(", ")}.`, 2);
  }
  const report = await listModels(config, {
    upstreams: new Set(upstream === undefined ? names : [upstream]),
    isWanted: createWordFilter(flags.filter ?? ""),
    warn: (message, cause) => terminal.stderr(`${message} ${String(cause)}\n`),
  });
  if (flags.json === true) {
    terminal.stdout(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const { describeModels } = await import("../models/describe-models.ts");
    const { createPaint } = await import("../../logging/paint.ts");
    const { columns, useColor } = terminal;
    terminal.stdout(describeModels(report, { paint: createPaint(useColor), columns }));
  }
  // The report has said why.
  if (report.upstreams.some(({ fault }) => fault !== null)) throw new CommandError("", 1);
}
