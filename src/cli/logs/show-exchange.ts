import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import type { RecordedExchange, WireName } from "../../record/recorded-request.ts";
import { CommandError } from "../command-error.ts";
import { findExchange } from "../find-exchange.ts";
import { findRecord, whileReading } from "../read-record.ts";
import type { Terminal } from "../terminal.ts";

export interface ShowFlags {
  readonly raw?: WireName;
  /** True without a value. */
  readonly curl?: true | "client" | "upstream";
  readonly json?: true;
}

/** Prints one exchange. Throws CommandError if it is not there, or if what is wanted of it was not kept. */
export async function showExchange(wanted: string, flags: ShowFlags, terminal: Terminal): Promise<void> {
  const { reader } = await findRecord();
  const exchange = await whileReading(() => findExchange(reader, wanted));
  await reader.close();
  if (flags.raw !== undefined) printRaw(exchange, flags.raw, terminal);
  else if (flags.curl !== undefined) await printCurl(exchange, flags.curl === "client", terminal);
  else if (flags.json === true) terminal.stdout(`${JSON.stringify(exchange, null, 2)}\n`);
  else {
    const { createPaint } = await import("../../logging/paint.ts");
    const { describeExchange } = await import("./describe-exchange.ts");
    const { columns, useColor } = terminal;
    terminal.stdout(describeExchange(exchange, { paint: createPaint(useColor), columns }));
  }
}

/** Exactly as it was kept; only a person's terminal gets no character that would move its cursor. */
function printRaw({ bodies }: RecordedExchange, name: WireName, terminal: Terminal): void {
  const body = bodies.findLast((one) => one.name === name);
  if (body === undefined) throw new CommandError(explainNoBody(name), 1);
  if (body.isCut) {
    terminal.stderr(`Only the beginning was kept: the whole has ${body.bytes} bytes.\n`);
  }
  if (terminal.columns === null) terminal.stdout(body.text);
  else terminal.stdout(`${body.text.split("\n").map(escapeControlCharacters).join("\n")}\n`);
}

async function printCurl(exchange: RecordedExchange, isClient: boolean, terminal: Terminal): Promise<void> {
  const { buildClientCurl, buildUpstreamCurl } = await import("../../record/build-curl.ts");
  const name = isClient ? "client-request" : "upstream-request";
  const body = exchange.bodies.findLast((one) => one.name === name);
  if (body === undefined) throw new CommandError(explainNoBody(name), 1);
  const command = isClient ? buildClientCurl(exchange, await findProxyUrl()) : buildUpstreamCurl(exchange);
  if (command === null) {
    throw new CommandError(
      `The ${name} cannot be sent again: only a part of it was kept, or not where it was sent.`,
      1,
    );
  }
  terminal.stdout(command);
  const variable = isClient ? "PROXY_API_KEY" : "UPSTREAM_KEY";
  if (command.includes(`$${variable}\n`)) {
    terminal.stderr(`Put the key into ${variable} before you run it.\n`);
  }
  if (body.text.includes("[redacted]")) {
    terminal.stderr("Where [redacted] stands in it, there was a secret when it was sent.\n");
  }
}

/** Where the proxy of this user listens; the usual place if the settings cannot be read. */
async function findProxyUrl(): Promise<string> {
  const { ConfigError } = await import("../../config/config-error.ts");
  const { loadAddress } = await import("../../config/load-address.ts");
  const { formatLocalUrl } = await import("../ask-proxy.ts");
  try {
    return formatLocalUrl(await loadAddress({}));
  } catch (error) {
    if (error instanceof ConfigError) return "http://127.0.0.1:8080";
    throw error;
  }
}

function explainNoBody(name: WireName): string {
  return `The ${name} was not kept. RECORD_BODIES=all keeps the messages of every request.`;
}
