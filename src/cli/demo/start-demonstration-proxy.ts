import { join } from "node:path";
import { configOf } from "../../config/build-config.ts";
import type { Config } from "../../config/config.ts";
import type { Logger } from "../../logging/logger.ts";
import { ListenError } from "../../server/listen-error.ts";
import { type RunningProxy, startProxy } from "../../server/start-proxy.ts";
import type { DemonstrationProtocol } from "./upstream-words.ts";

export interface DemonstrationProxyOptions {
  upstreamUrl: string;
  protocol: DemonstrationProtocol;
  /** Null takes the usual port, or a free one if that is taken. */
  port: number | null;
  /** The folder for files that the proxy writes besides its log. */
  folder: string;
  logger: Logger;
  version: string;
}

export const usualPort = 8080;

/** Starts the proxy in front of the demonstration upstream. Throws ListenError if the port cannot be taken. */
export async function startDemonstrationProxy(options: DemonstrationProxyOptions): Promise<RunningProxy> {
  const { port, logger, version } = options;
  const start = (wanted: number) =>
    startProxy({ config: demonstrationConfig(options, wanted), logger, version });
  if (port !== null) return start(port);
  try {
    return await start(usualPort);
  } catch (error) {
    if (error instanceof ListenError) return start(0);
    throw error;
  }
}

/** Reads none of the user's own settings: the demo needs no key and uses none. */
function demonstrationConfig(
  { upstreamUrl, protocol, folder }: DemonstrationProxyOptions,
  port: number,
): Config {
  const texts = {
    BASE_URL: upstreamUrl,
    BIG_MODEL_NAME: "demonstration-big",
    MEDIUM_MODEL_NAME: "demonstration-medium",
    SMALL_MODEL_NAME: "demonstration-small",
    UPSTREAM_PROFILE: "generic",
    UPSTREAM_PROTOCOL: protocol,
    PORT: String(port),
    MAX_CONCURRENT_REQUESTS: "100",
    // It shows itself; a person's record is of his own requests.
    RECORD: "off",
  };
  const logFilePath = join(folder, "claude-proxy.log");
  return configOf(texts, { logFilePath, stateFolder: folder, formerStateFolders: [] });
}
