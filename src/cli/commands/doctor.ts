import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { type ConfigFlags, readConfigFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface DoctorFlags extends ConfigFlags {
  readonly yes?: true;
  readonly setupOnly?: true;
  readonly json?: true;
  readonly save?: string;
  readonly timeLimit: string;
}

/** A day. */
const mostSeconds = 86_400;

/** Adds `claude-proxy doctor`, which looks at the set-up and tries what Claude Code does with each model. */
export function addDoctorCommand(program: Command, terminal: Terminal): void {
  program
    .command("doctor")
    .description("Look for faults of the set-up, and try with small requests what each model can do")
    .argument("[target...]", "upstream/model, or a model; default: those of the configuration")
    .option("--setup-only", "Look at the set-up alone, which costs nothing")
    .option("-y, --yes", "Send the requests without asking, whatever they cost")
    .option("--json", "Print JSON")
    .option("--save <path>", "Write each model's row into the table of this Markdown file; - prints it")
    .option("--time-limit <seconds>", "How long one answer may take", "120")
    .option(
      "--config <path>",
      "The configuration file (CONFIG_FILE; default: config.yaml in the config folder)",
    )
    .option("--env-file <path>", "Read this .env file and no other")
    .addHelpText("before", "Example: claude-proxy doctor --setup-only\n")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((targets: readonly string[], flags: DoctorFlags) => diagnose(targets, flags, terminal));
}

function composeNotes(): string {
  return `Each model is sent some 14 requests, through the code that carries real ones. What that may cost is told before, and nothing is sent without a yes if it may cost money. Afterwards it says what was charged.

pass: it works. repaired: it works because the proxy mends something. not offered: the upstream does not do it, and says so or leaves it out. fails: it does not work.

The exit code is 0 if nothing fails, 1 if something does, 2 if the settings or the command are wrong.`;
}

async function diagnose(targets: readonly string[], flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const { readWholeNumber } = await import("../../json/whole-number.ts");
  const limitSeconds = readWholeNumber(flags.timeLimit);
  if (limitSeconds === null || limitSeconds < 1 || limitSeconds > mostSeconds) {
    throw new CommandError(`--time-limit ${flags.timeLimit}: must be seconds, for example 60`, 2);
  }
  const { runDoctor } = await import("../doctor/run-doctor.ts");
  await runDoctor(
    {
      targets,
      isAgreed: flags.yes === true,
      isJson: flags.json === true,
      isSetupOnly: flags.setupOnly === true,
      savePath: flags.save ?? null,
      limitMs: limitSeconds * 1000,
      settings: readConfigFlags(flags),
    },
    terminal,
  );
}
