import { dirname } from "node:path";
import type { Config } from "../../src/config/config.ts";

/** The settings of a server in a test; `settings` win over what stands here. */
export function createTestConfig(
  settings: Pick<Config, "baseUrl" | "logFilePath"> & Partial<Config>,
): Config {
  return {
    openaiApiKey: "sk-upstream-key",
    bigModelName: "big-model",
    mediumModelName: "medium-model",
    smallModelName: "small-model",
    upstreamProfile: "generic",
    refererUrl: "https://example.invalid/claude-proxy",
    appName: "claude-proxy",
    host: "127.0.0.1",
    port: 0,
    proxyApiKey: null,
    maxOutputTokens: 32_000,
    maxConcurrentRequests: 200,
    upstreamFirstByteSeconds: 360,
    upstreamIdleSeconds: 360,
    logLevel: "INFO",
    // A test has one folder of its own for all that is written.
    stateFolder: dirname(settings.logFilePath),
    formerStateFolders: [],
    ...settings,
  };
}
