import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { findListener, listFamily, pin } from "./measure/process-usage.ts";
import { type Server, spawnServer } from "./servers/spawn-server.ts";
import { startNginx } from "./servers/start-nginx.ts";
import { startUpstream, type Upstream } from "./servers/start-upstream.ts";

export interface BenchOptions {
  /** How often each figure is measured of each server, in turns. */
  pairs: number;
  /** How long one measurement under load lasts. */
  loadMs: number;
  upstreamPort: number;
  /** Name and address of other proxies that are measured beside ours. */
  peers: readonly { name: string; url: URL }[];
  /** The compiled program. */
  program: string;
}

/** What every figure is measured with. */
export interface BenchContext extends Omit<BenchOptions, "peers"> {
  upstream: Upstream;
  nginx: Server;
  bareBun: Server;
  /** Bare Bun again, on Anthropic's own wire. */
  barePassThrough: Server;
  bareTranslator: Server;
  proxy: Server;
  peers: readonly Server[];
  /** The core of the measured proxies. */
  core: number;
  /** The environment of the proxy: a home of its own, and every setting at its default but the addresses. */
  env: Record<string, string>;
  /**
   * Starts another one of the proxies, which nobody has called yet, with these settings besides, or with a configuration
   * file instead of all settings.
   */
  startFreshProxy(more?: Record<string, string>, configFile?: string | null): Promise<Server>;
}

const [nginxPort, bareBunPort, bareTranslatorPort, barePassPort, firstProxyPort] = [
  18081, 18082, 18083, 18084, 18100,
];

/**
 * Starts all that is measured on the first core, the upstream on the second; this process has the third, or the second
 * of two.
 * @param stack ends what was started
 */
export async function startServers(
  options: BenchOptions,
  folder: string,
  stack: AsyncDisposableStack,
): Promise<BenchContext> {
  const core = 0;
  if (cpus().length < 2) throw new Error("The bench needs two cores: one for the proxies, one for all else.");
  pin(process.pid, cpus().length > 2 ? 2 : 1);
  const upstream = stack.use(await startUpstream(options.upstreamPort, 1));
  const env = {
    HOME: folder,
    BASE_URL: upstream.baseUrl,
    OPENAI_API_KEY: "sk-bench-0123456789abcdef",
    BIG_MODEL_NAME: "bench",
    SMALL_MODEL_NAME: "bench",
  };
  const startFloor = async (name: string, port: number, ...more: string[]) => {
    const script = join(import.meta.dir, `servers/${name.replace(" ", "-").toLowerCase()}.ts`);
    const command = [process.execPath, "--no-env-file", script, String(port), upstream.baseUrl, ...more];
    return stack.use(await spawnServer({ name, port, command, core }));
  };
  let port = firstProxyPort;
  const startFreshProxy = async (more: Record<string, string> = {}, configFile: string | null = null) => {
    port += 1;
    const home = join(folder, `proxy-${port}`);
    await mkdir(home);
    const output = Bun.file(join(home, "output.txt"));
    const command = [options.program, "serve", "--port", String(port)];
    const settings = configFile === null ? { ...env, ...more } : { CONFIG_FILE: join(home, "config.yaml") };
    if (configFile !== null) await writeFile(join(home, "config.yaml"), configFile, { mode: 0o600 });
    const own = { cwd: home, env: { ...settings, HOME: home }, output };
    return spawnServer({ name: "claude-proxy", port, command, core, ...own });
  };
  return {
    ...options,
    upstream,
    nginx: stack.use(await startNginx({ folder, port: nginxPort, upstreamPort: upstream.port, core })),
    bareBun: await startFloor("bare Bun", bareBunPort),
    barePassThrough: await startFloor("bare Bun", barePassPort, "/messages"),
    bareTranslator: await startFloor("bare translator", bareTranslatorPort),
    proxy: stack.use(await startFreshProxy()),
    peers: options.peers.map((peer) => findPeer(peer, core)),
    core,
    env,
    startFreshProxy,
  };
}

/** A proxy that is running already: it is found by its port, and runs on the measured core from now on. */
function findPeer({ name, url }: { name: string; url: URL }, core: number): Server {
  const port = Number(url.port);
  const pid = findListener(port);
  pin(pid, core);
  const path = `${url.pathname.replace(/\/$/, "")}/v1/messages`;
  return { name, port, path, pids: listFamily(pid), [Symbol.asyncDispose]: async () => {} };
}
