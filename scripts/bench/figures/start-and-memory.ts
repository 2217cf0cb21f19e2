import { agentBody, buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-load.ts";
import { readRssMb } from "../measure/process-usage.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";
import { measureFresh } from "./measure-fresh.ts";

const starts = 9;
const startPort = 18098;

/** How long the program takes to answer, and what memory it takes before a token was counted. */
export async function measureStartAndMemory(context: BenchContext): Promise<Figure[]> {
  console.error("start of the program");
  const values: number[] = [];
  // The first does not count: the program may not have been in the cache of files.
  await timeStart(context);
  for (let start = 0; start < starts; start++) values.push(await timeStart(context));
  const memory = await measureMemory(context);
  const title = "Memory before the first count";
  return [
    plainFigure("Start of the compiled program to the first 200", "ms", values, { atMost: 40 }),
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

async function timeStart({ program, core, env }: BenchContext): Promise<number> {
  const startMs = performance.now();
  const child = Bun.spawn(["taskset", "-c", String(core), program, "serve", "--port", String(startPort)], {
    stdio: ["ignore", "ignore", "ignore"],
    env: { PATH: process.env["PATH"], ...env },
  });
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error("claude-proxy ended while it started");
      const response = await fetch(`http://127.0.0.1:${startPort}/health`).catch(() => null);
      if (response?.status === 200) return performance.now() - startMs;
      await Bun.sleep(0.5);
    }
  } finally {
    child.kill();
    await child.exited;
  }
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
