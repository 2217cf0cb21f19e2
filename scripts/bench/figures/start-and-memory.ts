import { agentBody, buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-load.ts";
import { readRssMb } from "../measure/process-usage.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";
import { measureFresh } from "./measure-fresh.ts";
import { measureStart } from "./start.ts";

/** How long the program takes to answer, and what memory it takes before a token was counted. */
export async function measureStartAndMemory(context: BenchContext): Promise<Figure[]> {
  const figures = await measureStart(context);
  const memory = await measureMemory(context);
  const title = "Memory before the first count";
  return [
    ...figures,
    plainFigure(
      `${title}, idle`,
      "MB",
      memory.map(({ idleMb }) => idleMb),
      { atMost: 45 },
    ),
    plainFigure(
      `${title}, after requests of 184 KB, 16 at once`,
      "MB",
      memory.map(({ loadedMb }) => loadedMb),
      { atMost: 75 },
    ),
  ];
}

async function measureMemory(context: BenchContext) {
  const body = buildBody({ stream: false, ...agentBody });
  await context.upstream.set({ kind: "whole", chunkCharacters: 2000 });
  return await measureFresh(context, "memory", async (proxy) => {
    await Bun.sleep(1000);
    const idleMb = readRssMb(proxy.pids);
    await runRequests(proxy, body, { connections: 16, ms: 2 * context.loadMs });
    await Bun.sleep(2000);
    return { idleMb, loadedMb: readRssMb(proxy.pids) };
  });
}
