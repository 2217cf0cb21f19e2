import type { Command } from "commander";
import type { RequestFacts } from "../../routing/request-facts.ts";
import { CommandError } from "../command-error.ts";
import { type ConfigFlags, readConfigFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { GivenRequest } from "../route/parse-messages-request.ts";
import type { Terminal } from "../terminal.ts";

interface RouteFlags extends ConfigFlags {
  readonly model?: string;
  readonly json?: true;
  readonly header?: readonly string[];
  readonly client?: string;
}

/** Adds `claude-proxy route`, which explains a choice and needs no network. */
export function addRouteCommand(program: Command, terminal: Terminal): void {
  program
    .command("route")
    .description("Show to which model a messages request goes, why, and what is changed in it on the way")
    .addHelpText("before", "Example: claude-proxy route --model claude-opus-5\n")
    .argument("[file]", "the messages request; - or nothing means standard input, if no model is named")
    .option("--model <id>", "The model asked for, instead of the one in the request or without any")
    .option(
      "--header <name: value>",
      "A header that the client sends with it; may be given several times",
      (header: string, others: readonly string[] = []) => [...others, header],
    )
    .option("--client <name>", "The client that asks, by its name in the configuration file")
    .option("--json", "Print JSON")
    .option(
      "--config <path>",
      "The configuration file (CONFIG_FILE; default: config.yaml in the config folder)",
    )
    .option("--env-file <path>", "Read this .env file and no other")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((file: string | undefined, flags: RouteFlags) => explain(file, flags, terminal));
}

function composeNotes(): string {
  return (
    "Nothing is sent, and nothing is asked of a running proxy: what it has learned of its upstreams is not known here. A " +
    "request without max_tokens counts as one of count_tokens. The exit code is 1 if nothing leads to a target."
  );
}

const nothingToRoute =
  "Nothing to route. Name a model (claude-proxy route --model claude-opus-5) or a file with a messages request " +
  "(claude-proxy route FILE), or pipe one into the command.";

async function explain(file: string | undefined, flags: RouteFlags, terminal: Terminal): Promise<void> {
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { listClients } = await import("../../config/list-upstreams.ts");
  const { explainRoute } = await import("../route/explain-route.ts");
  const { client, model } = flags;
  const { config } = await loadConfigWithFile(readConfigFlags(flags));
  const names = listClients(config).map(({ name }) => name);
  if (client !== undefined && !names.includes(client)) throw unknownClient(client, names);

  const given = file === undefined && model !== undefined ? null : await readRequest(file ?? "-", model);
  const asked = given?.request.model ?? model ?? "";
  const facts = await readFacts(given, asked, flags);
  const warn = (message: string, cause: unknown) => terminal.stderr(`${message} ${String(cause)}\n`);
  const report = await explainRoute(config, { model: asked, facts, given }, warn);
  if (flags.json === true) {
    terminal.stdout(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const { describeRoute } = await import("../route/describe-route.ts");
    const { createPaint } = await import("../../logging/paint.ts");
    const { findHomeDir } = await import("../../config/find-home-dir.ts");
    const { columns, useColor } = terminal;
    terminal.stdout(describeRoute({ report, homeDir: findHomeDir(), paint: createPaint(useColor), columns }));
  }
  // The report has said why.
  if (report.error !== null) throw new CommandError("", 1);
}

async function readRequest(file: string, model: string | undefined): Promise<GivenRequest> {
  const { readInput } = await import("../read-input.ts");
  const { decodeText } = await import("../count/decode-text.ts");
  const { parseMessagesRequest } = await import("../route/parse-messages-request.ts");
  return parseMessagesRequest(decodeText(await readInput(file, nothingToRoute)), model);
}

async function readFacts(
  given: GivenRequest | null,
  model: string,
  { client, header = [] }: RouteFlags,
): Promise<RequestFacts> {
  const { readClientHints } = await import("../../anthropic/client-hints.ts");
  const { readRequestFacts } = await import("../../routing/request-facts.ts");
  // A model alone is a request with nothing in it.
  const { request, path } = given ?? { request: { model, messages: [] }, path: "messages" };
  return readRequestFacts(request, readClientHints(parseHeaders(header)), client ?? null, path);
}

/** The values may be keys: no message shows one. */
function parseHeaders(given: readonly string[]): Headers {
  const headers = new Headers();
  for (const header of given) {
    const colon = header.indexOf(":");
    try {
      if (colon < 1) throw new Error("there is no name");
      headers.append(header.slice(0, colon).trim(), header.slice(colon + 1).trim());
    } catch (cause) {
      throw new CommandError(
        'A value of --header is no header. It is written like this: --header "x-claude-code-agent-id: a1"',
        2,
        { cause },
      );
    }
  }
  return headers;
}

function unknownClient(client: string, names: readonly string[]): CommandError {
  const known = names.length === 0 ? "The configuration has no clients." : `There are: ${names.join(", ")}.`;
  return new CommandError(`There is no client "${client}". ${known}`, 2);
}
