import { type Command, InvalidArgumentError, Option } from "commander";
import type { WireName } from "../../record/recorded-request.ts";
import { createHelpText } from "../help-texts.ts";
import type { LogsFlags } from "../logs/list-requests.ts";
import type { ShowFlags } from "../logs/show-exchange.ts";
import type { Terminal } from "../terminal.ts";

/** Written here too, so that `--help` does not load the record. */
const wires = [
  "client-request",
  "upstream-request",
  "upstream-response",
  "client-response",
] as const satisfies readonly WireName[];

/** Adds `claude-proxy logs`, which lists and shows recorded requests. Needs no settings and no proxy. */
export function addLogsCommand(program: Command, terminal: Terminal): void {
  const logs = program
    .command("logs")
    .description("List the requests of the record, follow them, or show one in full")
    .argument("[words...]", "only requests with these words, or for which these terms hold")
    .option("-n, --lines <count>", "How many", parseCount, 20)
    .option("-f, --follow", "Go on with new requests until Ctrl-C")
    .option("--session <id>", "Only those of this session; its beginning is enough")
    .option("--status <status>", "Only those with this status: 429, 4xx, >=400")
    .option("--model <pattern>", "Only those that this model answered: *glm*")
    .option("--upstream <name>", "Only those of this upstream")
    .option("--client <name>", "Only those of this client")
    .option("--since <time>", "Only those since then: 2h, yesterday, 2026-11-30")
    .option("--filter <text>", "The same as the words, as one text")
    .option("--json", "Print one JSON object a line")
    .addHelpText("before", 'Example: claude-proxy logs -f is:error "model:*glm*"\n')
    .addHelpText("after", createHelpText(terminal, composeNotes))
    // Such as `-client:ci`, which is no flag but a term.
    .allowUnknownOption()
    .action(async (words: string[], flags: LogsFlags) => {
      const wrong = words.find((word) => /^-(?!\w+:)/.test(word));
      if (wrong !== undefined) logs.error(`error: unknown option '${wrong}'`);
      const { listRequests } = await import("../logs/list-requests.ts");
      await listRequests(words, flags, terminal);
    });
  logs
    .command("show")
    .description("Show one request in full: facts, what was said, and both wires")
    .argument("<id>", "its id or the beginning of it, last, or last-error")
    .addOption(new Option("--raw <message>", "Print one message exactly").choices(wires))
    .addOption(
      new Option(
        "--curl [wire]",
        "Print a command that sends it again: to the upstream, or as the client did",
      )
        .choices(["upstream", "client"])
        .conflicts("raw"),
    )
    .option("--json", "Print JSON")
    .addHelpText("before", "Example: claude-proxy logs show last-error\n")
    .action(async (id: string, flags: ShowFlags) => {
      const { showExchange } = await import("../logs/show-exchange.ts");
      // A flag that both have is given to the outer command.
      await showExchange(id, { ...logs.opts<Pick<ShowFlags, "json">>(), ...flags }, terminal);
    });
}

function composeNotes(): string {
  return `Terms:
  model:*glm*  -client:ci  error:overloaded_error  session:3f2c
    also id, agent, kind, asked, upstream, rule, stop; a minus excludes
  status:>=400  status:4xx  cost:>0.10  input:>100k  ms:>30s  first:>2s
    also output, cached, sends
  is:error  is:changed  is:retried  is:estimated  is:broken
  since:2h  until:yesterday  body:word  "two words"

A shell needs quotes around > and *. What is kept of the messages is said by RECORD_BODIES.`;
}

function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is a whole number.");
  return Number.parseInt(text, 10);
}
