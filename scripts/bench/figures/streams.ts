import { buildBody } from "../load/bodies.ts";
import { measureFirstContent, measurePaced, runRequests } from "../load/run-load.ts";
import type { BenchContext } from "../start-servers.ts";
import { compareServers } from "./compare-servers.ts";
import { comparedFigure, type Figure, plainFigure, spreadsOf, type Target } from "./figure.ts";

const chunkCharacters = 24;
const body = buildBody({ stream: true });

/** What a stream costs and how late its chunks are. */
export async function measureStreams(context: BenchContext): Promise<Figure[]> {
  return [
    ...(await measureFirst(context)),
    ...(await measurePacedStreams(context)),
    await measureBurst(context, 0),
    await measureBurst(context, 4),
  ];
}

async function measureFirst(context: BenchContext): Promise<Figure[]> {
  const answer = { kind: "stream", chunks: 4, chunkCharacters } as const;
  const measured = await compareServers(context, "time to the first content event", answer, (server) =>
    measureFirstContent(server, body, 400),
  );
  const pick = (key: "p50" | "p99", target: Target) => {
    const rounds = new Map([...measured].map(([name, runs]) => [name, runs.map((run) => run[key])]));
    const title = `Time to the first content event, added over nginx, ${key}`;
    return comparedFigure(title, { rounds, to: "nginx", as: "difference", unit: "ms" }, target);
  };
  return [pick("p50", { atMost: 0.3 }), pick("p99", { atMost: 3 })];
}

async function measurePacedStreams(context: BenchContext): Promise<Figure[]> {
  const paced = (paceMs: number, ms: number) => {
    return { kind: "stream", chunks: Math.ceil(ms / paceMs), chunkCharacters: 60, paceMs } as const;
  };
  const one = paced(5, context.loadMs);
  const delaysMs = await compareServers(context, "one paced stream", one, async (server) => {
    return (await measurePaced(server, body, 1)).delayMs;
  });
  const many = paced(20, 2 * context.loadMs);
  const cpuUs = await compareServers(context, "64 paced streams", many, async (server) => {
    return (await measurePaced(server, body, 64)).cpuUs / (64 * many.chunks);
  });
  const added = { rounds: delaysMs, to: "nginx", as: "difference", unit: "ms" } as const;
  const ratio = { rounds: cpuUs, to: "nginx", as: "ratio", unit: "µs" } as const;
  return [
    comparedFigure("Time added to a chunk over nginx, one paced stream, p50", added, { atMost: 0.25 }),
    comparedFigure("CPU of a chunk, 64 streams of 50 chunks a second", ratio, { atMost: 2 }),
  ];
}

async function measureBurst(context: BenchContext, toolCalls: number): Promise<Figure> {
  const what = toolCalls === 0 ? "text" : `arguments of ${toolCalls} tool calls`;
  const chunks = 2000;
  const asked = buildBody({ stream: true, tools: toolCalls === 0 ? 0 : 1 });
  const answer = { kind: "stream", chunks, chunkCharacters, toolCalls } as const;
  const rounds = await compareServers(context, `a burst of chunks: ${what}`, answer, async (server) => {
    const { requests, cpuUs } = await runRequests(server, asked, { connections: 64, ms: context.loadMs });
    return (requests * chunks) / (cpuUs / 1e6);
  });
  const title = `Chunks per second of a core, burst, 64 streams, ${what}`;
  const target = toolCalls === 0 ? { atLeast: 100_000 } : null;
  const figure = plainFigure(title, "chunks/s", rounds.get("claude-proxy") ?? [], target);
  return { ...figure, servers: { unit: "chunks/s", values: spreadsOf(rounds) } };
}
