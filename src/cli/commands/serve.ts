import { type Command, Option } from "commander";
import { getSettingNote, type SettingName, settingNames } from "../../config/config-schema.ts";
import { CommandError } from "../command-error.ts";
import { composeServeNotes, createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

/** The flag of a setting as commander wants it; null for settings that are keys and so have none. */
function createSettingOption(name: SettingName): Option | null {
  const { flag, description, defaultText } = getSettingNote(name);
  if (flag === null) {
    return null;
  }
  const rest = defaultText === null ? "" : `; default: ${defaultText}`;
  return new Option(`${flag} <value>`, `${description} (${name}${rest})`);
}

function collectFlags(values: Readonly<Record<string, unknown>>): Partial<Record<SettingName, string>> {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const option = createSettingOption(name);
    const value = option === null ? undefined : values[option.attributeName()];
    if (typeof value === "string") {
      flags[name] = value;
    }
  }
  return flags;
}

const noKeyFlags =
  "Keys are never read from a flag: other users of the machine can see the flags of a running program. " +
  "Set OPENAI_API_KEY in the environment or the .env file, and PROXY_API_KEY for clients.";

/** Flags that people try, with what to do instead; what is given with them may be a key and is never repeated. */
const refusedFlags: readonly (readonly [string, string])[] = [
  ["--api-key <key>", noKeyFlags],
  ["--openai-api-key <key>", noKeyFlags],
  ["--proxy-api-key <key>", noKeyFlags],
  ["--key <key>", noKeyFlags],
  [
    "--model <name>",
    "There are three models. Use --big-model and --small-model, and --medium-model if you like.",
  ],
];

/** Adds `claude-proxy serve`, which serves until it is interrupted. */
export function addServeCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command("serve")
    .description("Start the proxy for Claude Code, with the upstream in your settings")
    .addHelpText("before", "Example: claude-proxy serve --port 8081\n")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file (CONFIG_FILE; default: config.yaml beside .env)")
    .addHelpText("after", createHelpText(terminal, composeServeNotes));
  for (const name of settingNames) {
    const option = createSettingOption(name);
    if (option !== null) {
      command.addOption(option);
    }
  }
  command.addOption(new Option("--clone-folder <path>", "The folder of npm start").hideHelp());
  for (const [flags, advice] of refusedFlags) {
    command.addOption(
      new Option(flags).hideHelp().argParser(() => {
        throw new CommandError(advice, 2);
      }),
    );
  }
  command.action(async (values: Readonly<Record<string, unknown>>) => {
    const { config: configFile, envFile, cloneFolder } = values;
    const { serve } = await import("../serve/serve.ts");
    await serve(
      {
        flags: collectFlags(values),
        ...(typeof envFile === "string" ? { envFile } : {}),
        ...(typeof configFile === "string" ? { configFile } : {}),
        ...(typeof cloneFolder === "string" ? { cloneFolder } : {}),
      },
      terminal,
    );
  });
}
