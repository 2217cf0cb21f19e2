import { agentBody, buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-load.ts";
import type { Server } from "../servers/spawn-server.ts";
import type { BenchContext } from "../start-servers.ts";
import { compareServers } from "./compare-servers.ts";
import { comparedFigure, type Figure } from "./figure.ts";

const shortAnswer = { kind: "whole", chunkCharacters: 200 } as const;
const agentAnswer = { kind: "whole", chunkCharacters: 2000 } as const;

/** What a request costs that is answered whole: a small one, one of an agent, and many at once. */
export async function measureWholeRequests(context: BenchContext): Promise<Figure[]> {
  const { loadMs: ms, bareTranslator } = context;
  const measureCpuUs = (body: string) => async (server: Server) => {
    const { cpuUs, requests } = await runRequests(server, body, { connections: 1, ms });
    return cpuUs / requests;
  };
  const body = buildBody({ stream: false });
  const small = await compareServers(context, "a small whole request", shortAnswer, measureCpuUs(body));

  const ofAgent = measureCpuUs(buildBody({ stream: false, ...agentBody }));
  const large = await compareServers(context, "a request of 184 KB", agentAnswer, ofAgent, [bareTranslator]);

  const many = await compareServers(context, "16 requests at once", shortAnswer, async (server) => {
    const { cpuUs, requests } = await runRequests(server, body, { connections: 16, ms });
    // By the CPU it took and not by the clock: the load generator may be what is too slow for nginx.
    return requests / (cpuUs / 1e6);
  });
  const ofSmall = { rounds: small, unit: "µs", as: "ratio" } as const;
  const ofLarge = { rounds: large, unit: "µs", as: "ratio" } as const;
  const ofMany = { rounds: many, unit: "requests/s", as: "ratio" } as const;
  const title = "CPU of a request of 184 KB, 40 tools, 101 messages";
  return [
    comparedFigure("CPU of a small whole request", { ...ofSmall, to: "nginx" }, { atMost: 4 }),
    comparedFigure("The same, over bare Bun", { ...ofSmall, to: "bare Bun" }),
    comparedFigure(title, { ...ofLarge, to: "nginx" }, { atMost: 8 }),
    comparedFigure(title, { ...ofLarge, to: "bare translator" }, { atMost: 1.6 }),
    comparedFigure(
      "Requests per second of a core, 16 at once",
      { ...ofMany, to: "nginx" },
      { atLeast: 0.35 },
    ),
  ];
}
