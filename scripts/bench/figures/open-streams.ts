import { buildBody, encodePost } from "../load/bodies.ts";
import { openConnections } from "../load/run-requests.ts";
import { readCpuUs, readRssMb } from "../measure/process-usage.ts";
import type { Server } from "../servers/server.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, plainFigure } from "./figure.ts";

const streams = 1000;
const chunksPerSecond = 1;
const settleMs = 3_000;
const watchMs = 5_000;
/** Longer than what the proxy takes for a pause. */
const pauseMs = 5_000;

/** What many open streams hold that say little, each time of a proxy that was just started. */
export async function measureOpenStreams(context: BenchContext): Promise<Figure[]> {
  const runs: Awaited<ReturnType<typeof measureRun>>[] = [];
  for (let run = 0; run < context.pairs; run++) {
    context.tell(`${streams} open streams, run ${run + 1} of ${context.pairs}`);
    const proxy = await context.startFreshProxy();
    try {
      runs.push(await measureRun(context, proxy));
    } finally {
      await proxy.stop();
    }
  }
  const title = `${streams} open streams of ${chunksPerSecond} chunk a second`;
  return [
    plainFigure({
      title: `${title}: reach the upstream`,
      values: runs.map(({ reached }) => reached),
      unit: "streams",
      target: { limit: streams, isAtLeast: true },
    }),
    plainFigure({
      title: `${title}: memory of each`,
      values: runs.map(({ kbPerStream }) => kbPerStream),
      unit: "KB",
      target: { limit: 30 },
    }),
    plainFigure({
      title: `${title}: CPU`,
      values: runs.map(({ cpuPercent }) => cpuPercent),
      unit: "% of a core",
      target: { limit: 12 },
    }),
    plainFigure({
      title: `${title}: memory that is still held 10 s after their end`,
      values: runs.map(({ heldMb }) => heldMb),
      unit: "MB",
      target: { limit: 20 },
    }),
  ];
}

async function measureRun({ upstream }: BenchContext, proxy: Server) {
  await warmUp(upstream, proxy);
  const beforeMb = readRssMb(proxy.pids);
  await upstream.set({
    kind: "stream",
    chunks: 600,
    chunkCharacters: 60,
    paceMs: 1000 / chunksPerSecond,
    toolCalls: 0,
  });
  const connections = await openConnections(proxy, streams);
  const bytes = encodePost(proxy.port, proxy.path, buildBody({ stream: true }));
  for (const connection of connections) {
    // Given up below, so it is never answered whole.
    void connection.send(bytes);
    await Bun.sleep(1);
  }
  await Bun.sleep(settleMs);
  const { open } = await upstream.readState();
  const startCpuUs = readCpuUs(proxy.pids);
  await Bun.sleep(watchMs);
  const cpuPercent = ((readCpuUs(proxy.pids) - startCpuUs) / (watchMs * 1000)) * 100;
  const openMb = readRssMb(proxy.pids);
  for (const connection of connections) connection.close();
  await Bun.sleep(10_000);
  return {
    reached: open,
    kbPerStream: ((openMb - beforeMb) * 1000) / streams,
    cpuPercent,
    heldMb: readRssMb(proxy.pids) - beforeMb,
  };
}

/** So that what code, heap and the tokenizer, which is loaded in the first pause, take once is not charged to the streams. */
async function warmUp(upstream: BenchContext["upstream"], proxy: Server): Promise<void> {
  await upstream.set({ kind: "stream", chunks: 100, chunkCharacters: 60, paceMs: 0, toolCalls: 0 });
  const connections = await openConnections(proxy, 16);
  const bytes = encodePost(proxy.port, proxy.path, buildBody({ stream: true }));
  for (let round = 0; round < 50; round++) {
    await Promise.all(connections.map((connection) => connection.send(bytes)));
  }
  for (const connection of connections) connection.close();
  await Bun.sleep(pauseMs);
}
