import { buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-requests.ts";
import { measureFirstContent, measurePaced } from "../load/run-streams.ts";
import { measureInTurns } from "../measure/measure-in-turns.ts";
import type { BenchContext } from "./bench-context.ts";
import { differenceFigure, type Figure, plainFigure, ratioFigure, spreadsOf } from "./figure.ts";

const chunkCharacters = 24;

/** What a stream costs and how late its chunks are. */
export async function measureStreams(context: BenchContext): Promise<Figure[]> {
  return [
    ...(await measureFirst(context)),
    ...(await measureOneStream(context)),
    ...(await measureManyStreams(context)),
    ...(await measureBursts(context)),
  ];
}

async function measureFirst({ upstream, nginx, bareBun, proxy, peers, pairs, tell }: BenchContext) {
  tell("time to the first content event");
  await upstream.set({ kind: "stream", chunks: 4, chunkCharacters, paceMs: 0, toolCalls: 0 });
  const body = buildBody({ stream: true });
  const measured = await measureInTurns([nginx, bareBun, proxy, ...peers], pairs, (server) =>
    measureFirstContent(server, body, 400),
  );
  return (["p50", "p99"] as const).map((key) =>
    differenceFigure({
      title: `Time to the first content event, added over nginx, ${key}`,
      rounds: measured.get(key) ?? new Map(),
      of: proxy.name,
      to: nginx.name,
      unit: "ms",
      target: { limit: key === "p50" ? 0.3 : 3 },
    }),
  );
}

async function measureOneStream({
  upstream,
  nginx,
  bareBun,
  proxy,
  peers,
  pairs,
  loadMs,
  tell,
}: BenchContext) {
  tell("time added to a chunk of one stream");
  const paceMs = 5;
  const chunks = Math.ceil(loadMs / paceMs);
  await upstream.set({ kind: "stream", chunks, chunkCharacters: 60, paceMs, toolCalls: 0 });
  const body = buildBody({ stream: true });
  const measured = await measureInTurns([nginx, bareBun, proxy, ...peers], pairs, async (server) => {
    const { delayMs } = await measurePaced(server, body, 1);
    return { delayMs };
  });
  return [
    differenceFigure({
      title: "Time added to a chunk over nginx, one paced stream, p50",
      rounds: measured.get("delayMs") ?? new Map(),
      of: proxy.name,
      to: nginx.name,
      unit: "ms",
      target: { limit: 0.25 },
    }),
  ];
}

async function measureManyStreams({
  upstream,
  nginx,
  bareBun,
  proxy,
  peers,
  pairs,
  loadMs,
  tell,
}: BenchContext) {
  tell("CPU of a chunk, 64 paced streams");
  const paceMs = 20;
  const chunks = Math.ceil((2 * loadMs) / paceMs);
  await upstream.set({ kind: "stream", chunks, chunkCharacters: 60, paceMs, toolCalls: 0 });
  const body = buildBody({ stream: true });
  const measured = await measureInTurns([nginx, bareBun, proxy, ...peers], pairs, async (server) => {
    const { cpuUs } = await measurePaced(server, body, 64);
    return { cpuUs: cpuUs / (64 * chunks) };
  });
  return [
    ratioFigure({
      title: "CPU of a chunk, 64 streams of 50 chunks a second",
      rounds: measured.get("cpuUs") ?? new Map(),
      of: proxy.name,
      to: nginx.name,
      unit: "µs",
      target: { limit: 2 },
    }),
  ];
}

async function measureBursts({ upstream, nginx, bareBun, proxy, peers, pairs, loadMs, tell }: BenchContext) {
  const figures: Figure[] = [];
  for (const toolCalls of [0, 4]) {
    const what = toolCalls === 0 ? "text" : "arguments of 4 tool calls";
    tell(`a burst of chunks: ${what}`);
    const chunks = 2000;
    await upstream.set({ kind: "stream", chunks, chunkCharacters, paceMs: 0, toolCalls });
    const body = buildBody({ stream: true, tools: toolCalls === 0 ? 0 : 1 });
    const measured = await measureInTurns([nginx, bareBun, proxy, ...peers], pairs, async (server) => {
      const { requests, cpuUs } = await runRequests(server, body, { connections: 64, ms: loadMs });
      return { perSecond: (requests * chunks) / (cpuUs / 1e6) };
    });
    const rounds = measured.get("perSecond") ?? new Map();
    figures.push({
      ...plainFigure({
        title: `Chunks per second of a core, burst, 64 streams, ${what}`,
        values: rounds.get(proxy.name) ?? [],
        unit: "chunks/s",
        target: toolCalls === 0 ? { limit: 100_000, isAtLeast: true } : null,
      }),
      servers: { unit: "chunks/s", values: spreadsOf(rounds) },
    });
  }
  return figures;
}
