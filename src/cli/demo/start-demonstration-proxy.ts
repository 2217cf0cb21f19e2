import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { Logger } from "../../logging/logger.ts";
import { ListenError } from "../../server/listen-error.ts";
import { type RunningProxy, startProxy } from "../../server/start-proxy.ts";

export interface DemonstrationProxyOptions {
  upstreamUrl: string;
  /** Null takes the usual port, or a free one where that is taken. */
  port: number | null;
  /** Takes what the proxy writes beside its log. */
  folder: string;
  logger: Logger;
  version: string;
}

export const usualPort = 8080;

/** Starts the proxy in front of the demonstration upstream. Throws ListenError when the port cannot be taken. */
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

/** Nothing of the user's own settings is read: the demo needs no key and uses none. */
function demonstrationConfig({ upstreamUrl, folder }: DemonstrationProxyOptions, port: number): Config {
  return {
    openaiApiKey: "",
    baseUrl: upstreamUrl,
    bigModelName: "demonstration-big",
    mediumModelName: "demonstration-medium",
    smallModelName: "demonstration-small",
    upstreamProfile: "generic",
    refererUrl: "",
    appName: "claude-proxy",
    host: "127.0.0.1",
    port,
    proxyApiKey: null,
    maxOutputTokens: 32_000,
    maxConcurrentRequests: 100,
    upstreamFirstByteSeconds: 360,
    upstreamIdleSeconds: 360,
    logLevel: "INFO",
    logFilePath: join(folder, "claude-proxy.log"),
    stateFolder: folder,
    formerStateFolders: [],
  };
}
