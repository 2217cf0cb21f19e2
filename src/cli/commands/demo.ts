import { type Command, InvalidArgumentError, Option } from "commander";
import { readWholeNumber } from "../../json/whole-number.ts";
import { type DemonstrationProtocol, upstreamWords } from "../demo/upstream-words.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

interface DemoFlags {
  once?: true;
  port?: number;
  protocol: DemonstrationProtocol;
}

/** Parses a port. Throws commander's error if it is invalid. */
function parsePort(text: string): number {
  const port = readWholeNumber(text);
  if (port === null || port > 65_535) {
    throw new InvalidArgumentError("A port is a number from 0 to 65535; 0 picks a free one.");
  }
  return port;
}

/** Adds `claude-proxy demo`, which shows a request on its way through the proxy and needs no key. */
export function addDemoCommand(program: Command, terminal: Terminal): void {
  program
    .command("demo")
    .description("Show how a request passes through the proxy; needs no key, no model and no settings")
    .addHelpText("before", "Example: claude-proxy demo --once\n")
    .option("--once", "End after the first exchange")
    .option("--port <number>", "Port of the proxy (default: 8080, or a free one if that is taken)", parsePort)
    .addOption(
      new Option("--protocol <name>", "Wire between the proxy and the upstream")
        .choices(Object.keys(upstreamWords))
        .default("chat"),
    )
    .action(async ({ once, port, protocol }: DemoFlags) => {
      const { runDemo } = await import("../demo/run-demo.ts");
      await runDemo({ once: once ?? false, port: port ?? null, protocol, version }, terminal);
    });
}
