import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";

/** Adds `claude-proxy status`, which asks the running proxy how it is; a container uses it as its health check. */
export function addStatusCommand(program: Command, terminal: Terminal): void {
  program
    .command("status")
    .description("Ask whether the proxy of these settings answers; the exit code is 1 when it does not")
    .option("--env-file <path>", "Read this .env file and no other")
    .action(async ({ envFile }: { envFile?: string }) => {
      const { loadConfig } = await import("../../config/load-config.ts");
      const { askProxy, formatLocalUrl } = await import("../ask-proxy.ts");
      const { config } = loadConfig(envFile === undefined ? {} : { envFile });
      const url = formatLocalUrl(config);
      const answer = await askProxy(url);
      if (answer === null) {
        throw new CommandError(`No claude-proxy answers at ${url}.`, 1);
      }
      terminal.stdout(
        `claude-proxy ${answer.version} answers at ${url}, since ${answer.startedAt.toISOString()}.\n`,
      );
    });
}
