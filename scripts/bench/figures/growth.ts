import { buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-requests.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, plainFigure } from "./figure.ts";

const bodySizes = [20_000, 200_000, 2_000_000];
const streamLengths = [100, 1000, 10_000, 100_000];
const chunkSizes = [20, 200, 2000, 20_000];
const rounds = 3;

/** How cost grows: by the size of a request, the length of a stream, the size of a chunk. Each is a sweep. */
export async function measureGrowth(context: BenchContext): Promise<Figure[]> {
  context.tell("growth of cost");
  return [
    ...(await sweepBodies(context)),
    ...(await sweepStreamLengths(context)),
    ...(await sweepChunkSizes(context)),
  ];
}

async function sweepBodies({ upstream, proxy, loadMs }: BenchContext): Promise<Figure[]> {
  await upstream.set({ kind: "whole", chunks: 1, chunkCharacters: 200, paceMs: 0, toolCalls: 0 });
  return sweep(
    bodySizes,
    async (bytes) => {
      const body = buildBody({ stream: false, bytes, messages: Math.ceil(bytes / 2000) | 1, tools: 0 });
      const { cpuUs, requests } = await runRequests(proxy, body, { connections: 1, ms: loadMs / 2 });
      return cpuUs / requests / (body.length / 1000);
    },
    (bytes) => ({ title: `CPU of a KB of a request of ${bytes / 1000} KB`, unit: "µs" }),
  );
}

async function sweepStreamLengths({ upstream, proxy, loadMs }: BenchContext): Promise<Figure[]> {
  return sweep(
    streamLengths,
    async (chunks) => {
      await upstream.set({ kind: "stream", chunks, chunkCharacters: 24, paceMs: 0, toolCalls: 0 });
      const body = buildBody({ stream: true });
      const { cpuUs, requests } = await runRequests(proxy, body, { connections: 4, ms: loadMs / 2 });
      return cpuUs / requests / chunks;
    },
    (chunks) => ({
      title: `CPU of a chunk of a stream of ${chunks.toLocaleString("en-US")} chunks`,
      unit: "µs",
    }),
  );
}

async function sweepChunkSizes({ upstream, proxy, loadMs }: BenchContext): Promise<Figure[]> {
  return sweep(
    chunkSizes,
    async (chunkCharacters) => {
      await upstream.set({ kind: "stream", chunks: 1000, chunkCharacters, paceMs: 0, toolCalls: 0 });
      const body = buildBody({ stream: true });
      const { cpuUs, requests } = await runRequests(proxy, body, { connections: 4, ms: loadMs / 2 });
      return cpuUs / requests / 1000;
    },
    (size) => ({ title: `CPU of a chunk of ${size.toLocaleString("en-US")} characters`, unit: "µs" }),
  );
}

async function sweep(
  sizes: readonly number[],
  measure: (size: number) => Promise<number>,
  describe: (size: number) => { title: string; unit: string },
): Promise<Figure[]> {
  const values = new Map<number, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) values.set(size, [...(values.get(size) ?? []), await measure(size)]);
  }
  return [...values].map(([size, measured]) =>
    plainFigure({ ...describe(size), values: measured, target: null }),
  );
}
