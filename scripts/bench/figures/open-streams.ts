import { buildBody, encodePost } from "../load/bodies.ts";
import { openConnections } from "../load/run-load.ts";
import { readCpuUs, readRssMb } from "../measure/process-usage.ts";
import type { Server } from "../servers/spawn-server.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";
import { measureFresh } from "./measure-fresh.ts";

const streams = 1000;
const settleMs = 3_000;
const watchMs = 5_000;
/** Longer than what the proxy takes for a pause. */
const pauseMs = 5_000;
const restMs = 10_000;
const body = buildBody({ stream: true });

/** What many open streams hold that say little. */
export async function measureOpenStreams(context: BenchContext): Promise<Figure[]> {
  const title = `${streams} open streams of 1 chunk a second`;
  const runs = await measureFresh(context, title, (proxy) => measureRun(context, proxy));
  return [
    plainFigure(
      `${title}: reach the upstream`,
      "streams",
      runs.map(({ reached }) => reached),
      { atLeast: streams },
    ),
    plainFigure(
      `${title}: memory of each`,
      "KB",
      runs.map(({ kbPerStream }) => kbPerStream),
      { atMost: 30 },
    ),
    plainFigure(
      `${title}: CPU`,
      "% of a core",
      runs.map(({ cpuPercent }) => cpuPercent),
      { atMost: 12 },
    ),
    plainFigure(
      `${title}: memory that is still held 10 s after their end`,
      "MB",
      runs.map(({ heldMb }) => heldMb),
      { atMost: 20 },
    ),
  ];
}

async function measureRun({ upstream }: BenchContext, proxy: Server) {
  await upstream.set({ kind: "stream", chunks: 100, chunkCharacters: 60 });
  await warmUp(proxy);
  const beforeMb = readRssMb(proxy.pids);
  await upstream.set({ kind: "stream", chunks: 600, chunkCharacters: 60, paceMs: 1000 });
  const connections = await openConnections(proxy, streams);
  for (const connection of connections) {
    // Given up below, so it is never answered whole.
    void connection.send(encodePost(proxy, body));
    await Bun.sleep(1);
  }
  await Bun.sleep(settleMs);
  const reached = await upstream.countOpen();
  const startCpuUs = readCpuUs(proxy.pids);
  await Bun.sleep(watchMs);
  const cpuPercent = ((readCpuUs(proxy.pids) - startCpuUs) / (watchMs * 1000)) * 100;
  const kbPerStream = ((readRssMb(proxy.pids) - beforeMb) * 1000) / streams;
  for (const connection of connections) connection.close();
  await Bun.sleep(restMs);
  return { reached, kbPerStream, cpuPercent, heldMb: readRssMb(proxy.pids) - beforeMb };
}

/** So that what code, heap and the tokenizer, which is loaded in the first pause, take once is not charged to the streams. */
async function warmUp(proxy: Server): Promise<void> {
  const connections = await openConnections(proxy, 16);
  for (let round = 0; round < 50; round++) {
    await Promise.all(connections.map((connection) => connection.send(encodePost(proxy, body))));
  }
  for (const connection of connections) connection.close();
  await Bun.sleep(pauseMs);
}
