import { Command, CommanderError, Option } from "commander";
import { foldText } from "../logging/fold-text.ts";

import { CommandError } from "./command-error.ts";

import { addClientsCommand } from "./commands/clients.ts";

import { addCompletionCommand } from "./commands/completion.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addCountCommand } from "./commands/count.ts";
import { addDashboardCommand } from "./commands/dashboard.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addEnvCommand } from "./commands/env.ts";
import { addInitCommand } from "./commands/init.ts";
import { addLearnedCommand } from "./commands/learned.ts";
import { addLicensesCommand } from "./commands/licenses.ts";
import { addLogsCommand } from "./commands/logs.ts";
import { addModelsCommand } from "./commands/models.ts";
import { addReplayCommand } from "./commands/replay.ts";
import { addRouteCommand } from "./commands/route.ts";
import { addRunCommand } from "./commands/run.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addServiceCommand } from "./commands/service.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addStatusLineCommand } from "./commands/statusline.ts";
import { addTranslateCommand } from "./commands/translate.ts";
import { addUpgradeCommand } from "./commands/upgrade.ts";
import { addUsageCommand } from "./commands/usage.ts";
import { composeFirstSteps, createHelpText, helpLayout, helpWidth } from "./help-texts.ts";
import type { Terminal } from "./terminal.ts";
import { isBuilt, versionText } from "./version.ts";

/** After a usage error, points to the help of that command, which lists its flags. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`For help, run: ${name} --help`);
  for (const inner of command.commands) pointToHelp(inner, `${name} ${inner.name()}`);
}

/** Options that name something. An empty setting, such as a port, counts as not set. */
const naming = ["config", "envFile", "model", "client", "upstream", "from", "keyEnv", "keyFile", "save"];

/** What they are given is for Claude Code, or is a line of a shell as far as it is written. */
const forOthers = ["run", "completion"];

/**
 * Refuses an argument or an option that names nothing, mostly a variable of the shell that is not set: an empty path would
 * be the current folder.
 */
function refuseEmptyWords(command: Command): void {
  const isEmpty = !forOthers.includes(command.name()) && command.processedArgs.flat().includes("");
  const option = command.options.find((one) => {
    const value: unknown = command.getOptionValue(one.attributeName());
    return naming.includes(one.attributeName()) && (Array.isArray(value) ? value.includes("") : value === "");
  });
  const what = option?.long ?? (isEmpty ? `An argument of ${command.name()}` : null);
  if (what === null) return;
  throw new CommandError(
    `${what} is empty, so it names nothing. If a variable of the shell stands there, it has no value.`,
    2,
  );
}

/** Adds other names under which people look for the version. */
function addVersionNames(program: Command, terminal: Terminal): void {
  const print = () => terminal.stdout(`${versionText}\n`);
  program
    .command("version")
    .description("Print the version, the commit and the version of Bun")
    .addHelpText("before", "Example: claude-proxy version\n")
    .action(print);
  program.addOption(new Option("-V").hideHelp()).on("option:V", () => {
    print();
    throw new CommanderError(0, "commander.version", versionText);
  });
}

/**
 * Creates the command line with all its commands. Heavy modules are loaded by the command that needs them, so that
 * `--help` and `--version` answer at once.
 * @returns a program that throws commander's CommanderError instead of ending the process
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command("claude-proxy")
    .description("Run Claude Code with any OpenAI-compatible model.")
    .version(versionText, "-v, --version", "Print the version")
    .helpOption("-h, --help", "Show this help")
    .helpCommand("help [command]", "Show the help of a command")
    .addHelpText("before", `Example: ${isBuilt ? "claude-proxy init" : "npm run init"}\n`)
    .addHelpText("after", createHelpText(terminal, composeFirstSteps))
    .configureOutput({
      writeOut: terminal.stdout,
      writeErr: terminal.stderr,
      outputError: (text, write) => write(foldText(text, terminal.columns, "  ")),
      getOutHelpWidth: () => helpWidth(terminal),
    })
    .configureHelp(helpLayout)
    .exitOverride()
    .hook("preAction", (_program, command) => refuseEmptyWords(command));
  addInitCommand(program, terminal);
  addServeCommand(program, terminal);
  addRunCommand(program, terminal);
  addEnvCommand(program, terminal);
  addDemoCommand(program, terminal);
  addConfigCommand(program, terminal);
  addCountCommand(program, terminal);
  addRouteCommand(program, terminal);
  addTranslateCommand(program, terminal);
  addModelsCommand(program, terminal);
  addStatusCommand(program, terminal);
  addDoctorCommand(program, terminal);
  addDashboardCommand(program, terminal);
  addClientsCommand(program, terminal);
  addUsageCommand(program, terminal);
  addLogsCommand(program, terminal);
  addReplayCommand(program, terminal);
  addStatusLineCommand(program, terminal);
  addLearnedCommand(program, terminal);
  addServiceCommand(program, terminal);
  addCompletionCommand(program, terminal);
  addUpgradeCommand(program, terminal);
  addLicensesCommand(program, terminal);
  addVersionNames(program, terminal);
  pointToHelp(program, "claude-proxy");
  return program;
}
