import { type Command, Option } from "commander";
import { profileIds } from "../../profiles/profile-ids.ts";
import { protocolIds } from "../../profiles/protocol-id.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";
import type { TranslateFlags } from "../translate/run-translate.ts";

/** Adds `claude-proxy translate`, which needs no settings and no network. */
export function addTranslateCommand(program: Command, terminal: Terminal): void {
  program
    .command("translate")
    .description(
      "Translate a messages request for an upstream, or an upstream's recorded answer for the client",
    )
    .argument("[file]", "the request or the answer; - or nothing means standard input", "-")
    .addHelpText("before", "Example: claude-proxy translate request.json --profile glm\n")
    .addOption(
      new Option("--profile <name>", "Dialect of the upstream").choices(profileIds).default("generic"),
    )
    .addOption(
      new Option(
        "--protocol <name>",
        "API of the upstream; default: what suits profile and model, or what the answer is written in",
      ).choices(protocolIds),
    )
    .option("--model <id>", "Model of the upstream, instead of the one that the file names")
    .option("--request <file>", "The messages request that a recorded answer answers")
    .addOption(
      new Option("--as <form>", "How an answer is written; default: as it was recorded").choices([
        "events",
        "message",
      ]),
    )
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action(async (file: string, flags: TranslateFlags) => {
      const { runTranslate } = await import("../translate/run-translate.ts");
      await runTranslate(file, flags, terminal);
    });
}

function composeNotes(): string {
  return (
    "Nothing is sent, and no settings are read: for those see claude-proxy route. The result is on standard output; what " +
    "was left out, mended or repaired is on standard error. An answer is a stream of events, the JSON of its events line " +
    "by line, or a whole JSON answer, such as claude-proxy logs show ID --raw upstream-response prints it. With " +
    "--request, what depends on the request is as it was. The exit code is 1 if the proxy refuses the request, or if " +
    "the answer is a failure."
  );
}
