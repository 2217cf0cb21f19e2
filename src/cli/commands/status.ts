import { isAbsolute } from "node:path";
import type { Command } from "commander";
import type { LoadConfigOptions } from "../../config/load-config.ts";
import { createPaint } from "../../logging/paint.ts";
import type { RecordPlace } from "../../record/record-place.ts";
import type { RecordExtent } from "../../record/record-reader.ts";
import { CommandError } from "../command-error.ts";
import { type ProxyFlags, readProxyFlags } from "../config/config-flags.ts";
import type { Terminal } from "../terminal.ts";

async function showStatus(flags: ProxyFlags, terminal: Terminal): Promise<void> {
  const { loadAddress } = await import("../../config/load-address.ts");
  const { askProxy, askProxyDetails, formatLocalUrl } = await import("../ask-proxy.ts");
  const { describeStatus } = await import("../describe-status.ts");
  const address = await loadAddress(readProxyFlags(flags));
  const url = formatLocalUrl(address);
  const answer = await askProxy(url);
  if (answer === null) {
    throw new CommandError(
      `No claude-proxy answers at ${url}.\nStart it: claude-proxy serve. If it uses another port: claude-proxy status --port 8081`,
      1,
    );
  }
  const details = await askProxyDetails(url, address.proxyApiKey);
  const { columns, useColor } = terminal;
  const extent = await readExtent(details?.record?.path, readProxyFlags(flags));
  terminal.stdout(describeStatus({ url, answer, details, extent, paint: createPaint(useColor), columns }));
}

/** A container's health must not hang on a database, nor a person wait for the count of a large one. */
const longestCountMs = 1000;

/**
 * What is in the proxy's record, or why it cannot be read; null if it is not begun or takes too long, or if the record
 * of these settings is another one.
 * @param name as the proxy says it: a path, or where a shared record is
 */
async function readExtent(
  name: string | undefined,
  files: Pick<LoadConfigOptions, "configFile" | "envFile">,
): Promise<RecordExtent | { fault: string } | null> {
  if (name === undefined) return null;
  const { openRecordReader } = await import("../../record/open-record-reader.ts");
  const { RecordReadError } = await import("../../record/record-read-error.ts");
  const place = isAbsolute(name) ? ({ kind: "file", path: name } as const) : await findShared(name, files);
  if (place === null) return null;
  const reader = openRecordReader(place);
  const read = async () => ((await reader.hasBegun()) ? await reader.extent() : null);
  try {
    return await Promise.race([read(), Bun.sleep(longestCountMs).then(() => null)]);
  } catch (error) {
    if (error instanceof RecordReadError) return { fault: error.message };
    throw error;
  } finally {
    await reader.close();
  }
}

/** The shared record that the proxy has, if it is that of these settings. */
async function findShared(
  name: string,
  files: Pick<LoadConfigOptions, "configFile" | "envFile">,
): Promise<RecordPlace | null> {
  const { loadRecordPlace } = await import("../../config/load-record-place.ts");
  const { nameRecordPlace, selectRecordPlace } = await import("../../record/record-place.ts");
  const place = selectRecordPlace(await loadRecordPlace(files), "");
  return place.kind === "shared" && nameRecordPlace(place) === name ? place : null;
}

/** Adds `claude-proxy status`, which asks the running proxy for its status; a container uses it as its health check. */
export function addStatusCommand(program: Command, terminal: Terminal): void {
  program
    .command("status")
    .description(
      "Show whether a proxy answers, its models, its record and its last failure; exit code 1 if none answers",
    )
    .addHelpText("before", "Example: claude-proxy status --port 8081\n")
    .option("--port <value>", "Port of the proxy (PORT; default: 8080)")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file and no other")
    .action((flags: ProxyFlags) => showStatus(flags, terminal));
}
