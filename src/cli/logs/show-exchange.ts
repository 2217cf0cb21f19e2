import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import type { RecordedExchange, WireName } from "../../record/recorded-request.ts";
import { CommandError } from "../command-error.ts";
import { findRecord, newestOf, readFilterTerms, whileReading } from "../read-record.ts";
import type { Terminal } from "../terminal.ts";

export interface ShowFlags {
  readonly raw?: WireName;
  /** True without a value. */
  readonly curl?: true | "client" | "upstream";
  readonly json?: true;
}

/** Prints one exchange. Throws CommandError if it is not there, or if what is wanted of it was not kept. */
export async function showExchange(wanted: string, flags: ShowFlags, terminal: Terminal): Promise<void> {
  const exchange = await findExchange(wanted);
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

/** `last`, `last-error`, an id, or the beginning of one, also without what all ids begin with. */
async function findExchange(wanted: string): Promise<RecordedExchange> {
  const { reader } = await findRecord();
  return whileReading(async () => {
    const id = wanted === "last" || wanted === "last-error" ? await findLast(wanted) : wanted;
    const found = (await reader.find(id)) ?? (await reader.find(`req_${id}`));
    const isSeveral = found === null && (await countMatches(id)) > 1;
    await reader.close();
    if (found !== null) return found;
    const name = escapeControlCharacters(wanted).slice(0, 60);
    throw new CommandError(
      isSeveral
        ? `Several requests have an id that begins with ${name}. Give more of it.`
        : `There is no request ${name} in the record. List them: claude-proxy logs`,
      1,
    );
  });

  async function findLast(which: "last" | "last-error"): Promise<string> {
    const filter = await readFilterTerms(which === "last" ? [] : ["is:error"]);
    const [newest] = await reader.list(newestOf(filter, 1));
    if (newest !== undefined) return newest.requestId;
    throw new CommandError(
      which === "last" ? "Nothing is recorded yet." : "No request in the record has failed.",
      1,
    );
  }

  async function countMatches(id: string): Promise<number> {
    const { quoteValue } = await import("../../record/filter/split-terms.ts");
    if (id === "") return 0;
    const counts = [id, `req_${id}`].map(async (start) => {
      const filter = await readFilterTerms([`id:${quoteValue(start)}`]);
      return (await reader.list(newestOf(filter, 2))).length;
    });
    return Math.max(...(await Promise.all(counts)));
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
  terminal.stderr(`Put the key into the variable ${variable} before you run it.\n`);
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
