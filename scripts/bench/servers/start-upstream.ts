import { join } from "node:path";
import { spawnServer } from "./spawn-server.ts";
import { type UpstreamSettings, upstreamStateSchema } from "./upstream-settings.ts";

/** The upstream behind all measured proxies. */
export interface Upstream extends AsyncDisposable {
  port: number;
  /** `http://127.0.0.1:<port>/v1` */
  baseUrl: string;
  /** What it answers from now on. */
  set(settings: UpstreamSettings): Promise<void>;
  /** How many streams it is writing. */
  countOpen(): Promise<number>;
}

/** Starts it as a process of its own, which takes its settings by messages of Bun's and not on the measured wire. */
export async function startUpstream(port: number, core: number): Promise<Upstream> {
  const command = [process.execPath, "--no-env-file", join(import.meta.dir, "upstream.ts"), String(port)];
  let answer = Promise.withResolvers<unknown>();
  const ipc = (message: unknown) => answer.resolve(message);
  const server = await spawnServer({ name: "upstream", port, command, core, ipc });
  const ask = async (settings: UpstreamSettings | null) => {
    answer = Promise.withResolvers();
    server.child.send(settings);
    return upstreamStateSchema.parse(await answer.promise).open;
  };
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    set: async (settings) => void (await ask(settings)),
    countOpen: () => ask(null),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}
