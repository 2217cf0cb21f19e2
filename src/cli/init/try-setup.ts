import { join } from "node:path";
import { findClientKey } from "../../config/list-upstreams.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { createTemporaryFolder } from "../../files/temporary-folder.ts";
import { createLogger } from "../../logging/logger.ts";
import { startProxy } from "../../server/start-proxy.ts";
import { readAnswer } from "../replay/read-answer.ts";
import { version } from "../version.ts";

/** What became of one small request. */
export interface TryResult {
  /** `called`: it called the tool; `talked`: it answered without; `failed`: there was no answer. */
  readonly outcome: "called" | "talked" | "failed";
  /** The model that was asked, as the proxy names it. */
  readonly model: string;
  readonly durationMs: number;
  /** Why it failed, or what it said instead. */
  readonly words: string;
}

const longestMs = 120_000;

/** As Claude Code asks, but for its size. */
const request = {
  model: "claude-opus-5",
  max_tokens: 2048,
  stream: true,
  system: "You are a coding agent. Use the tools that you are given.",
  messages: [{ role: "user", content: "Which files are in the current folder? Use the tool to find out." }],
  tools: [
    {
      name: "list_files",
      description: "Lists the files of a folder.",
      input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
    },
  ],
};

/** Sends one real request to the configured model, through a proxy of its own that records nothing. */
export async function trySetup(loaded: LoadedConfig): Promise<TryResult> {
  const { config, secrets } = loaded;
  const logger = createLogger({ level: "ERROR", logFilePath: null, secrets, writeConsole: () => {} });
  // What it learns is not kept: until the person agrees, nothing of this set-up is.
  using folder = createTemporaryFolder("claude-proxy-init-");
  const paths = {
    stateFolder: folder.path,
    formerStateFolders: [],
    logFilePath: join(folder.path, "claude-proxy.log"),
  };
  const own = { ...config, ...paths, host: "127.0.0.1", port: 0, record: "off", shared: null } as const;
  const proxy = await startProxy({ config: own, logger, version, asksForModels: false });
  const usualName = config.file === null ? config.bigModelName : "the model";
  const startMs = performance.now();
  try {
    const key = findClientKey(loaded);
    const response = await fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        ...(key === null ? {} : { "x-api-key": key }),
      },
      body: JSON.stringify(request),
      // Both ends are on this machine.
      proxy: "",
      signal: AbortSignal.timeout(longestMs),
    });
    const { text, toolCalls, error } = readAnswer(await response.text());
    const model = response.headers.get("x-claude-proxy-model") ?? usualName;
    const outcome = error !== null || !response.ok ? "failed" : toolCalls.length > 0 ? "called" : "talked";
    const words = outcome === "failed" ? (error ?? `status ${response.status}`) : text;
    return { outcome, model, durationMs: performance.now() - startMs, words };
  } catch (error) {
    const words = error instanceof Error ? error.message : "it failed";
    return { outcome: "failed", model: usualName, durationMs: performance.now() - startMs, words };
  } finally {
    await proxy.stopNow();
  }
}
