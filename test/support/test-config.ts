import { dirname } from "node:path";
import { configOf } from "../../src/config/build-config.ts";
import type { Config } from "../../src/config/config.ts";

const texts = {
  OPENAI_API_KEY: "sk-upstream-key",
  BIG_MODEL_NAME: "big-model",
  MEDIUM_MODEL_NAME: "medium-model",
  SMALL_MODEL_NAME: "small-model",
  UPSTREAM_PROFILE: "generic",
  REFERER_URL: "https://example.invalid/claude-proxy",
  PORT: "0",
  MAX_CONCURRENT_REQUESTS: "200",
  UPSTREAM_FIRST_BYTE_SECONDS: "360",
  // A test that wants the record says so.
  RECORD: "off",
};

/** The settings of a server in a test; `settings` win over what stands here. */
export function createTestConfig(
  settings: Pick<Config, "baseUrl" | "logFilePath"> & Partial<Config>,
): Config {
  const { logFilePath } = settings;
  // A test has one folder of its own for all that is written.
  const paths = { logFilePath, stateFolder: dirname(logFilePath), formerStateFolders: [] };
  return { ...configOf(texts, paths), ...settings };
}
