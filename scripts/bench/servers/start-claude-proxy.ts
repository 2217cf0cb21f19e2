import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Server, spawnServer } from "./server.ts";

export interface ClaudeProxyOptions {
  /** The compiled program. */
  program: string;
  /** Holds its state and its log. */
  folder: string;
  port: number;
  upstreamUrl: string;
  core: number;
}

/** Starts the compiled program as a user does, with every setting at its default but the addresses. */
export async function startClaudeProxy(options: ClaudeProxyOptions): Promise<Server> {
  const { program, folder, port, upstreamUrl, core } = options;
  await mkdir(folder, { recursive: true });
  return spawnServer({
    name: "claude-proxy",
    port,
    command: [program, "serve", "--port", String(port)],
    core,
    cwd: folder,
    env: claudeProxyEnv(folder, upstreamUrl),
    output: join(folder, "output.txt"),
  });
}

export function claudeProxyEnv(folder: string, upstreamUrl: string): Record<string, string> {
  return {
    HOME: folder,
    BASE_URL: upstreamUrl,
    OPENAI_API_KEY: "sk-bench-0123456789abcdef",
    BIG_MODEL_NAME: "bench",
    SMALL_MODEL_NAME: "bench",
  };
}
