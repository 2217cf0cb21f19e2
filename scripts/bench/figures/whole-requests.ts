import { agentBody, buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-requests.ts";
import { measureInTurns } from "../measure/measure-in-turns.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, ratioFigure } from "./figure.ts";

const shortAnswer = { kind: "whole", chunks: 1, chunkCharacters: 200, paceMs: 0, toolCalls: 0 } as const;
const agentAnswer = { ...shortAnswer, chunkCharacters: 2000 };

/** What a request costs that is answered whole: a small one, one of an agent, and many at once. */
export async function measureWholeRequests(context: BenchContext): Promise<Figure[]> {
  return [
    ...(await measureSmall(context)),
    ...(await measureAgent(context)),
    ...(await measureMany(context)),
  ];
}

async function measureSmall(context: BenchContext): Promise<Figure[]> {
  const { upstream, nginx, bareBun, proxy, peers, pairs, loadMs } = context;
  context.tell("CPU of a small whole request");
  await upstream.set(shortAnswer);
  const body = buildBody({ stream: false });
  const measured = await measureInTurns([nginx, bareBun, proxy, ...peers], pairs, async (server) => {
    const { cpuUs, requests } = await runRequests(server, body, { connections: 1, ms: loadMs });
    return { cpuUs: cpuUs / requests };
  });
  const rounds = measured.get("cpuUs") ?? new Map();
  const common = { rounds, of: proxy.name, unit: "µs" };
  return [
    ratioFigure({ ...common, title: "CPU of a small whole request", to: nginx.name, target: { limit: 4 } }),
    ratioFigure({ ...common, title: "The same, over bare Bun", to: bareBun.name, target: null }),
  ];
}

async function measureAgent(context: BenchContext): Promise<Figure[]> {
  const { upstream, nginx, bareBun, bareTranslator, proxy, peers, pairs, loadMs } = context;
  context.tell("CPU of a request of 184 KB");
  await upstream.set(agentAnswer);
  const body = buildBody({ stream: false, ...agentBody });
  const servers = [nginx, bareBun, bareTranslator, proxy, ...peers];
  const measured = await measureInTurns(servers, pairs, async (server) => {
    const { cpuUs, requests } = await runRequests(server, body, { connections: 1, ms: loadMs });
    return { cpuUs: cpuUs / requests };
  });
  const rounds = measured.get("cpuUs") ?? new Map();
  const common = { rounds, of: proxy.name, unit: "µs" };
  const title = "CPU of a request of 184 KB, 40 tools, 101 messages";
  return [
    ratioFigure({ ...common, title, to: nginx.name, target: { limit: 8 } }),
    ratioFigure({ ...common, title, to: bareTranslator.name, target: { limit: 1.6 } }),
  ];
}

async function measureMany(context: BenchContext): Promise<Figure[]> {
  const { upstream, nginx, bareBun, proxy, peers, pairs, loadMs } = context;
  context.tell("requests per second, 16 at once");
  await upstream.set(shortAnswer);
  const body = buildBody({ stream: false });
  const measured = await measureInTurns([nginx, bareBun, proxy, ...peers], pairs, async (server) => {
    const { cpuUs, requests } = await runRequests(server, body, { connections: 16, ms: loadMs });
    // By the CPU it took and not by the clock: the load generator may be what is too slow for nginx.
    return { perSecond: requests / (cpuUs / 1e6) };
  });
  return [
    ratioFigure({
      title: "Requests per second of a core, 16 at once",
      rounds: measured.get("perSecond") ?? new Map(),
      of: proxy.name,
      to: nginx.name,
      unit: "requests/s",
      target: { limit: 0.35, isAtLeast: true },
    }),
  ];
}
