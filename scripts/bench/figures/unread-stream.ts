import { buildBody, encodePost } from "../load/bodies.ts";
import { Connection } from "../load/connection.ts";
import { readRssMb } from "../measure/process-usage.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, plainFigure } from "./figure.ts";

const watchMs = 3000;
const stepMs = 100;

/** How far memory grows for a client that asks for 200 MB and reads none of it. */
export async function measureUnreadStream(context: BenchContext): Promise<Figure[]> {
  const { upstream, pairs, tell } = context;
  const values: number[] = [];
  for (let run = 0; run < pairs; run++) {
    tell(`a client that reads nothing, run ${run + 1} of ${pairs}`);
    const proxy = await context.startFreshProxy();
    await upstream.set({ kind: "stream", chunks: 200_000, chunkCharacters: 1000, paceMs: 0, toolCalls: 0 });
    const connection = await Connection.open(proxy.port);
    const beforeMb = readRssMb(proxy.pids);
    // Given up below, so it is never answered whole.
    void connection.send(encodePost(proxy.port, proxy.path, buildBody({ stream: true })));
    connection.pause();
    let mostMb = beforeMb;
    for (let ms = 0; ms < watchMs; ms += stepMs) {
      await Bun.sleep(stepMs);
      mostMb = Math.max(mostMb, readRssMb(proxy.pids));
    }
    values.push(mostMb - beforeMb);
    connection.close();
    await proxy.stop();
  }
  const title = "Growth of memory for a client that reads nothing of 200 MB";
  return [plainFigure({ title, values, unit: "MB", target: { limit: 32 } })];
}
