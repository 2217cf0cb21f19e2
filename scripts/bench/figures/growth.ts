import { buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-load.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";

const rounds = 3;

/** How cost grows: by the size of a request, the length of a stream, the size of a chunk. Each is a sweep. */
export async function measureGrowth(context: BenchContext): Promise<Figure[]> {
  console.error("growth of cost");
  return [
    ...(await sweep(
      [20_000, 200_000, 2_000_000],
      (bytes) => `CPU of a KB of a request of ${bytes / 1000} KB`,
      (bytes) => measureBody(context, bytes),
    )),
    ...(await sweep(
      [100, 1000, 10_000, 100_000],
      (chunks) => `CPU of a chunk of a stream of ${chunks.toLocaleString("en-US")} chunks`,
      (chunks) => measureChunk(context, chunks, 24),
    )),
    ...(await sweep(
      [20, 200, 2000, 20_000],
      (characters) => `CPU of a chunk of ${characters.toLocaleString("en-US")} characters`,
      (characters) => measureChunk(context, 1000, characters),
    )),
  ];
}

async function measureBody({ upstream, proxy, loadMs }: BenchContext, bytes: number): Promise<number> {
  await upstream.set({ kind: "whole", chunkCharacters: 200 });
  const body = buildBody({ stream: false, bytes, messages: Math.ceil(bytes / 2000) | 1, tools: 0 });
  const { cpuUs, requests } = await runRequests(proxy, body, { connections: 1, ms: loadMs / 2 });
  return cpuUs / requests / (body.length / 1000);
}

async function measureChunk(context: BenchContext, chunks: number, chunkCharacters: number): Promise<number> {
  await context.upstream.set({ kind: "stream", chunks, chunkCharacters });
  const load = { connections: 4, ms: context.loadMs / 2 };
  const { cpuUs, requests } = await runRequests(context.proxy, buildBody({ stream: true }), load);
  return cpuUs / requests / chunks;
}

async function sweep(
  sizes: readonly number[],
  describe: (size: number) => string,
  measure: (size: number) => Promise<number>,
): Promise<Figure[]> {
  const values = sizes.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, size] of sizes.entries()) values[index]?.push(await measure(size));
  }
  return sizes.map((size, index) => plainFigure(describe(size), "µs", values[index] ?? []));
}
