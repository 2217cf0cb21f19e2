import { agentBody, buildBody } from "../load/bodies.ts";
import { measurePaced, runRequests } from "../load/run-load.ts";
import { measureInTurns } from "../measure/measure-in-turns.ts";
import { readRssMb } from "../measure/process-usage.ts";
import { nameServer, type Server } from "../servers/spawn-server.ts";
import type { UpstreamSettings } from "../servers/upstream-settings.ts";
import type { BenchContext } from "../start-servers.ts";
import { comparedFigure, type Figure, plainFigure, type Target } from "./figure.ts";
import { measureFresh } from "./measure-fresh.ts";

const [bare, passing, translating, ofSettings] = ["bare Bun", "passed on", "translated", "of settings"];

const shortAnswer = { kind: "whole", chunkCharacters: 200 } as const;
const shortStream = { kind: "stream", chunks: 4, chunkCharacters: 60 } as const;

/** How much more than bare Bun a request may cost that is passed on. */
const overBare = { atMost: 1.5 };

function writeConfig({ baseUrl }: BenchContext["upstream"], protocol: string): string {
  return `upstreams:
  bench: { url: "${baseUrl}", protocol: ${protocol}, key: sk-bench-0123456789abcdef }
routes:
  default: bench/bench
`;
}

/** What a request costs that is passed on by a configuration file, beside bare Bun that does the same. */
export async function measurePassThrough(context: BenchContext): Promise<Figure[]> {
  await using proxy = await context.startFreshProxy({}, writeConfig(context.upstream, "anthropic"));
  const servers = [nameServer(bare, context.barePassThrough), nameServer(passing, proxy)];
  const compare = createComparison(context, servers, { of: passing, to: bare });
  const paced = { kind: "stream", chunks: 100, chunkCharacters: 60, paceMs: 20 } as const;
  const burst = { ...shortStream, chunks: 2000 };
  return [
    await compare("a small whole request", shortAnswer, overBare),
    await compare("a small stream of 4 chunks", shortStream, overBare),
    await compare("a request of 184 KB", { kind: "whole", chunkCharacters: 2000 }, null, agentBody),
    await compare("a chunk in a burst", burst, overBare),
    await compare("a chunk, 64 streams of 50 chunks a second", paced, overBare),
  ];
}

/** What a configuration file costs beside settings, where the request is translated. */
export async function measureConfigFile(context: BenchContext): Promise<Figure[]> {
  const file = writeConfig(context.upstream, "chat");
  await using proxy = await context.startFreshProxy({}, file);
  const servers = [nameServer(ofSettings, context.proxy), nameServer(translating, proxy)];
  const compare = createComparison(context, servers, { of: translating, to: ofSettings });
  const small = await compare("a small whole request", shortAnswer, null);
  const stream = await compare("a small stream of 4 chunks", shortStream, null);
  const memory = await measureFresh(context, "memory of a configuration file", measureMemory, file);
  const conversations = `${rounds} x ${conversationsOfRound} conversations`;
  return [
    small,
    stream,
    plainFigure(
      "Memory with a configuration file, idle",
      "MB",
      memory.map(({ idleMb }) => idleMb),
    ),
    plainFigure(
      `The same, added by the last half of ${conversations}`,
      "MB",
      memory.map(({ addedMb }) => addedMb),
    ),
  ];
}

const rounds = 4;
const conversationsOfRound = 500;
/** Longer than what the proxy takes for a pause, in which it collects what is left of its requests. */
const pauseMs = 5000;

/** Conversations, each with a session of its own: what is remembered of them must not grow for ever. */
async function measureMemory(proxy: Server) {
  await Bun.sleep(1000);
  const idleMb = readRssMb(proxy.pids);
  const afterMb: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < conversationsOfRound; index++) await converse(proxy, `${round}-${index}`);
    await Bun.sleep(pauseMs);
    afterMb.push(readRssMb(proxy.pids));
  }
  return { idleMb, addedMb: (afterMb[rounds - 1] ?? 0) - (afterMb[rounds / 2 - 1] ?? 0) };
}

async function converse({ port, path }: Server, session: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-claude-code-session-id": session },
    body: buildBody({ stream: false, bytes: 4000, messages: 3 }),
  });
  if (!response.ok) throw new Error(`a conversation was answered with ${response.status}`);
  await response.text();
}

/** Creates the function that measures one kind of request of two servers in turns. */
function createComparison(
  context: BenchContext,
  servers: readonly Server[],
  pair: { of: string | undefined; to: string | undefined },
) {
  const { of = "", to = "" } = pair;
  return async (what: string, answer: UpstreamSettings, target: Target | null, size: object = {}) => {
    console.error(`${of} beside ${to}: ${what}`);
    await context.upstream.set(answer);
    const body = buildBody({ stream: answer.kind === "stream", ...size });
    const rounds = await measureInTurns(servers, context.pairs, (server) =>
      measureCpuUs(server, body, answer, context.loadMs),
    );
    return comparedFigure(`CPU of ${what}, ${of}`, { rounds, unit: "µs", of, to, as: "ratio" }, target);
  };
}

/** Microseconds of a chunk where there are many, else of a request. */
async function measureCpuUs(
  server: Server,
  body: string,
  { kind, chunks = 1, paceMs = 0 }: UpstreamSettings,
  ms: number,
): Promise<number> {
  if (paceMs > 0) return (await measurePaced(server, body, 64)).cpuUs / (64 * chunks);
  const isBurst = kind === "stream" && chunks > shortStream.chunks;
  const { cpuUs, requests } = await runRequests(server, body, { connections: isBurst ? 16 : 1, ms });
  return cpuUs / requests / (isBurst ? chunks : 1);
}
