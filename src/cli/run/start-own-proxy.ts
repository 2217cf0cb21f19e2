import type { LoadConfigOptions } from "../../config/load-config.ts";
import { CommandError } from "../command-error.ts";
import { version } from "../version.ts";

/** A proxy in this process. */
interface OwnProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a proxy on a free port of this machine. It writes its log and its record as `serve` does, and nothing to the
 * terminal.
 * @throws ConfigError if the settings do not allow a start, CommandError if it cannot listen
 */
export async function startOwnProxy(options: LoadConfigOptions): Promise<OwnProxy> {
  const { loadConfigWithFile } = await import("../../config/load-config-with-file.ts");
  const { getRequestLimit } = await import("../../config/request-limit.ts");
  const { createLogger } = await import("../../logging/logger.ts");
  const { ListenError } = await import("../../server/listen-error.ts");
  const { startProxy } = await import("../../server/start-proxy.ts");
  const flags = { ...options.flags, HOST: "127.0.0.1", PORT: "0" };
  const { config, secrets } = await loadConfigWithFile({ ...options, flags });
  const { logLevel: level, logFilePath } = config;
  const logger = createLogger({ level, logFilePath, secrets, writeConsole: () => {} });
  try {
    const running = await startProxy({ config, secrets, logger, version, fetchLimit: getRequestLimit() });
    return {
      url: running.url,
      async close() {
        await running.stopNow();
        logger.close();
      },
    };
  } catch (error) {
    logger.close();
    if (error instanceof ListenError) {
      throw new CommandError(`The proxy cannot start: ${error.message}`, 1, { cause: error });
    }
    throw error;
  }
}
