import { join } from "node:path";
import { spawnServer } from "./server.ts";
import { type UpstreamSettings, type UpstreamState, upstreamStateSchema } from "./upstream-settings.ts";

/** The upstream behind all measured proxies. */
export interface Upstream {
  port: number;
  /** `http://127.0.0.1:<port>/v1` */
  baseUrl: string;
  /** What it answers from now on. */
  set(settings: UpstreamSettings): Promise<void>;
  readState(): Promise<UpstreamState>;
  stop(): Promise<void>;
}

export async function startUpstream(port: number, core: number): Promise<Upstream> {
  const script = join(import.meta.dir, "upstream.ts");
  const command = [process.execPath, "--no-env-file", script, String(port)];
  const { stop } = await spawnServer({ name: "upstream", port, command, core });
  const root = `http://127.0.0.1:${port}`;
  return {
    port,
    baseUrl: `${root}/v1`,
    async set(settings) {
      await fetch(`${root}/bench/settings`, { method: "POST", body: JSON.stringify(settings) });
    },
    async readState() {
      return upstreamStateSchema.parse(await (await fetch(`${root}/bench/state`)).json());
    },
    stop,
  };
}
