import { cpus } from "node:os";
import { join } from "node:path";
import type { BenchOptions } from "./bench-options.ts";
import type { BenchContext } from "./figures/bench-context.ts";
import { findListener, listFamily, pin } from "./measure/process-usage.ts";
import type { Cores, Server } from "./servers/server.ts";
import { startClaudeProxy } from "./servers/start-claude-proxy.ts";
import { startBareTranslator, startPassThrough } from "./servers/start-floors.ts";
import { startNginx } from "./servers/start-nginx.ts";
import { startUpstream } from "./servers/start-upstream.ts";

const nginxPort = 18081;
const bareBunPort = 18082;
const bareTranslatorPort = 18083;
const firstProxyPort = 18100;

/** The measured proxies have the first core; with more than two, upstream and load have one each. */
function chooseCores(): Cores {
  const count = cpus().length;
  if (count < 2) throw new Error("The bench needs two cores: one for the proxies, one for all else.");
  return { proxy: 0, upstream: 1, load: count > 2 ? 2 : 1 };
}

/** Starts all that is measured, and returns it with a function that ends it again. */
export async function startServers(
  options: BenchOptions,
  { folder, program }: { folder: string; program: string },
): Promise<{ context: BenchContext; stop: () => Promise<void> }> {
  const cores = chooseCores();
  const core = cores.proxy;
  pin(process.pid, cores.load);
  const upstream = await startUpstream(options.upstreamPort, cores.upstream);
  const upstreamUrl = upstream.baseUrl;
  let freshProxies = 0;
  const startFreshProxy = () => {
    freshProxies += 1;
    const own = { port: firstProxyPort + freshProxies, folder: join(folder, `proxy-${freshProxies}`) };
    return startClaudeProxy({ program, upstreamUrl, core, ...own });
  };
  const nginx = await startNginx({ folder, port: nginxPort, upstreamPort: upstream.port, core });
  const bareBun = await startPassThrough({ port: bareBunPort, upstreamUrl, core });
  const bareTranslator = await startBareTranslator({ port: bareTranslatorPort, upstreamUrl, core });
  const proxy = await startFreshProxy();
  const context: BenchContext = {
    pairs: options.pairs,
    loadMs: options.loadMs,
    cores,
    upstream,
    nginx,
    bareBun,
    bareTranslator,
    proxy,
    peers: options.peers.map((peer) => findPeer(peer, core)),
    program,
    startFreshProxy,
    tell: (text) => console.error(text),
  };
  const stop = async () => {
    for (const server of [nginx, bareBun, bareTranslator, proxy, upstream]) await server.stop();
  };
  return { context, stop };
}

/** A proxy that somebody else has started: it is found by its port, and runs on the measured core from now on. */
function findPeer({ name, url }: { name: string; url: URL }, core: number): Server {
  const port = Number(url.port);
  const pid = findListener(port);
  pin(pid, core);
  const path = `${url.pathname.replace(/\/$/, "")}/v1/messages`;
  return { name, port, path, pids: listFamily(pid), stop: async () => {} };
}
