import { buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-load.ts";
import { measureInTurns } from "../measure/measure-in-turns.ts";
import { nameServer } from "../servers/spawn-server.ts";
import type { UpstreamSettings } from "../servers/upstream-settings.ts";
import type { BenchContext } from "../start-servers.ts";
import { comparedFigure, type Figure } from "./figure.ts";

const chunks = 2000;
const [chat, responses] = ["Chat Completions", "Responses API"];
/** How much more the second wire may cost than the first. */
const target = { atMost: 1.3 };

/** What the same answer costs on the one wire and on the other. */
export async function measureWires(context: BenchContext): Promise<Figure[]> {
  await using chatProxy = await context.startFreshProxy({ UPSTREAM_PROTOCOL: "chat" });
  await using responsesProxy = await context.startFreshProxy({ UPSTREAM_PROTOCOL: "responses" });
  const servers = [nameServer(chat, chatProxy), nameServer(responses, responsesProxy)];

  const measure = async (what: string, answer: UpstreamSettings, connections: number, divisor: number) => {
    console.error(`both wires: ${what}`);
    await context.upstream.set(answer);
    const body = buildBody({ stream: answer.kind === "stream" });
    const rounds = await measureInTurns(servers, context.pairs, async (server) => {
      const { cpuUs, requests } = await runRequests(server, body, { connections, ms: context.loadMs });
      return cpuUs / requests / divisor;
    });
    const comparison = { rounds, unit: "µs", of: responses, to: chat, as: "ratio" } as const;
    return comparedFigure(`CPU of ${what}, Responses API`, comparison, target);
  };
  return [
    await measure("a chunk in a burst", { kind: "stream", chunks, chunkCharacters: 60 }, 16, chunks),
    await measure("a small whole request", { kind: "whole", chunkCharacters: 200 }, 1, 1),
  ];
}
