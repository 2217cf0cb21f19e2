import type { Command } from "commander";
import { type ProxyFlags, readProxyFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface ReplayFlags extends ProxyFlags {
  readonly model?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
}

/** Adds `claude-proxy replay`, which asks a recorded question again. */
export function addReplayCommand(program: Command, terminal: Terminal): void {
  program
    .command("replay")
    .description("Send a recorded request again, to other models if you like, and compare the answers")
    .argument("<id>", "its id or the beginning of it, last, or last-error: claude-proxy logs shows ids")
    .addHelpText("before", "Example: claude-proxy replay last-error --model opus\n")
    .option(
      "--model <id>",
      "Ask for this model: upstream/model, or any id that the proxy takes; may be given several times",
      (model: string, others: readonly string[] = []) => [...others, model],
    )
    .option("--dry-run", "Show what would be sent, and send nothing")
    .option("--json", "Print JSON")
    .option("--port <value>", "Port of the proxy (PORT; default: 8080)")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file and no other")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (id: string, { model, dryRun, json, ...search }: ReplayFlags) => {
      const { runReplay } = await import("../replay/run-replay.ts");
      await runReplay(
        {
          id,
          models: model ?? [],
          isDryRun: dryRun === true,
          isJson: json === true,
          port: search.port,
          settings: readProxyFlags(search),
        },
        terminal,
      );
    });
}

function composeNotes(): string {
  return (
    "A new answer costs as much as any. The request goes through the running proxy; if none runs, through one that is " +
    "started for it and records nothing. It must have been kept whole: RECORD_BODIES=all keeps every request from then on. " +
    "The exit code is 1 if an answer failed."
  );
}
