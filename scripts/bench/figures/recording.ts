import { agentBody, buildBody } from "../load/bodies.ts";
import { measureFirstContent, measurePaced, runRequests } from "../load/run-load.ts";
import { measureInTurns } from "../measure/measure-in-turns.ts";
import { readRssMb } from "../measure/process-usage.ts";
import { nameServer, type Server } from "../servers/spawn-server.ts";
import type { UpstreamSettings } from "../servers/upstream-settings.ts";
import type { BenchContext } from "../start-servers.ts";
import { comparedFigure, type Figure } from "./figure.ts";

const [off, on, all] = ["RECORD=off", "RECORD=on", "RECORD_BODIES=all"];
const settingsOf = new Map([
  [off, { RECORD: "off" }],
  [on, { RECORD: "on" }],
  [all, { RECORD: "on", RECORD_BODIES: "all" }],
]);

/** A busy moment of the machine falls on few of many short windows. */
const windowsOfPair = 4;
const memoryRuns = 30;

const atMostFivePercentLess = { atLeast: 0.95 };

/**
 * What recording costs beside the same program with `RECORD=off`. The thread that writes runs on the same core here, and
 * its time counts as the program's: with a second core the answers have less of it.
 */
export async function measureRecording(context: BenchContext): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const servers: Server[] = [];
  for (const [name, settings] of settingsOf) {
    servers.push(nameServer(name, stack.use(await context.startFreshProxy(settings))));
  }
  const compare = createComparison(context, servers);
  const whole = { kind: "whole", chunkCharacters: 200 } as const;
  const stream = { kind: "stream", chunks: 4, chunkCharacters: 60 } as const;
  const burst = { ...stream, chunks: 2000 };
  const paced = { ...stream, chunks: Math.ceil(context.loadMs / 20), paceMs: 5 };
  return [
    ...(await compare(
      "Small whole requests a second of a core",
      whole,
      perSecond(buildBody({ stream: false })),
    )),
    ...(await compare("Small streams a second of a core", stream, perSecond(buildBody({ stream: true })))),
    ...(await compare(
      "Requests of 184 KB a second of a core",
      whole,
      perSecond(buildBody({ stream: false, ...agentBody })),
    )),
    ...(await compare(
      "Streams of 2,000 chunks a second of a core",
      burst,
      perSecond(buildBody({ stream: true })),
    )),
    ...(await compareTimes(context, servers, "Time to the first content event", stream, async (server) => {
      return (await measureFirstContent(server, buildBody({ stream: true }), 100)).p50;
    })),
    ...(await compareTimes(context, servers, "Time of a chunk, one paced stream", paced, async (server) => {
      return (await measurePaced(server, buildBody({ stream: true }), 1)).delayMs;
    })),
    ...(await measureMemory(context)),
  ];

  function perSecond(body: string) {
    return async (server: Server) => {
      const { requests, cpuUs } = await runRequests(server, body, {
        connections: 4,
        ms: context.loadMs / windowsOfPair,
      });
      return requests / (cpuUs / 1e6);
    };
  }
}

type Measure = (server: Server) => Promise<number>;

function createComparison(context: BenchContext, servers: readonly Server[]) {
  return async (title: string, answer: UpstreamSettings, measure: Measure): Promise<Figure[]> => {
    const rounds = await measureRounds(context, servers, title, answer, measure);
    const comparison = { rounds, unit: "requests/s", to: off, as: "ratio" } as const;
    return [
      comparedFigure(`${title}, ${on}`, { ...comparison, of: on }, atMostFivePercentLess),
      comparedFigure(`${title}, ${all}`, { ...comparison, of: all }),
    ];
  };
}

async function compareTimes(
  context: BenchContext,
  servers: readonly Server[],
  title: string,
  answer: UpstreamSettings,
  measure: Measure,
): Promise<Figure[]> {
  const rounds = await measureRounds(context, servers, title, answer, measure);
  const comparison = { rounds, unit: "ms", to: off, as: "difference" } as const;
  return [
    comparedFigure(`${title}, added by ${on}, p50`, { ...comparison, of: on }, { atMost: 0.05 }),
    comparedFigure(`${title}, added by ${all}, p50`, { ...comparison, of: all }),
  ];
}

async function measureRounds(
  context: BenchContext,
  servers: readonly Server[],
  what: string,
  answer: UpstreamSettings,
  measure: Measure,
) {
  console.error(`recording: ${what}`);
  await context.upstream.set(answer);
  return await measureInTurns(servers, windowsOfPair * context.pairs, measure);
}

/** Memory of fresh proxies in turns: idle, and a second after one request. */
async function measureMemory(context: BenchContext): Promise<Figure[]> {
  console.error("recording: memory");
  await context.upstream.set({ kind: "whole", chunkCharacters: 200 });
  const idle = new Map<string, number[]>([off, on].map((name) => [name, []]));
  const used = new Map<string, number[]>([off, on].map((name) => [name, []]));
  for (let run = 0; run < memoryRuns; run++) {
    for (const name of [off, on]) {
      await using proxy = await context.startFreshProxy(settingsOf.get(name));
      await Bun.sleep(1000);
      idle.get(name)?.push(readRssMb(proxy.pids));
      await runRequests(proxy, buildBody({ stream: false }), { connections: 1, ms: 0 });
      await Bun.sleep(1000);
      used.get(name)?.push(readRssMb(proxy.pids));
    }
  }
  const comparison = { unit: "MB", of: on, to: off, as: "difference" } as const;
  return [
    comparedFigure(`Memory added by ${on}, idle`, { ...comparison, rounds: idle }, { atMost: 12 }),
    comparedFigure(
      `Memory added by ${on}, after one request`,
      { ...comparison, rounds: used },
      { atMost: 12 },
    ),
  ];
}
