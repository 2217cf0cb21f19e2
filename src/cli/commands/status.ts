import type { Command } from "commander";
import { createPaint } from "../../logging/paint.ts";
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
  const extent = await readExtent(details?.record?.path);
  terminal.stdout(describeStatus({ url, answer, details, extent, paint: createPaint(useColor), columns }));
}

/** What is in the proxy's record, or why it cannot be read; null if it is not on this machine, or not begun. */
async function readExtent(path: string | undefined): Promise<RecordExtent | { fault: string } | null> {
  const { existsSync } = await import("node:fs");
  if (path === undefined || !existsSync(path)) return null;
  const { openRecordReader } = await import("../../record/open-record-reader.ts");
  const { RecordReadError } = await import("../../record/record-read-error.ts");
  const reader = openRecordReader({ kind: "file", path });
  try {
    return await reader.extent();
  } catch (error) {
    if (error instanceof RecordReadError) return { fault: error.message };
    throw error;
  } finally {
    await reader.close();
  }
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
