import { buildBody, encodePost } from "../load/bodies.ts";
import { Connection } from "../load/connection.ts";
import { readRssMb } from "../measure/process-usage.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";
import { measureFresh } from "./measure-fresh.ts";

const watchMs = 3000;
const stepMs = 100;

/** How far memory grows for a client that asks for 200 MB and reads none of it. */
export async function measureUnreadStream(context: BenchContext): Promise<Figure[]> {
  await context.upstream.set({ kind: "stream", chunks: 200_000, chunkCharacters: 1000 });
  const values = await measureFresh(context, "a client that reads nothing", async (proxy) => {
    const connection = await Connection.open(proxy.port);
    const beforeMb = readRssMb(proxy.pids);
    // Given up below, so it is never answered whole.
    void connection.send(encodePost(proxy, buildBody({ stream: true })));
    connection.pause();
    let mostMb = beforeMb;
    for (let ms = 0; ms < watchMs; ms += stepMs) {
      await Bun.sleep(stepMs);
      mostMb = Math.max(mostMb, readRssMb(proxy.pids));
    }
    connection.close();
    return mostMb - beforeMb;
  });
  const title = "Growth of memory for a client that reads nothing of 200 MB";
  return [plainFigure(title, "MB", values, { atMost: 32 })];
}
