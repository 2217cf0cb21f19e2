import { join } from "node:path";
import { agentBody, buildBody } from "../load/bodies.ts";
import { runRequests } from "../load/run-requests.ts";
import { readRssMb } from "../measure/process-usage.ts";
import { claudeProxyEnv } from "../servers/start-claude-proxy.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, plainFigure } from "./figure.ts";

const starts = 9;
const startPort = 18098;

/** How long the program takes to answer, and what memory it takes before a token was counted. */
export async function measureStartAndMemory(context: BenchContext): Promise<Figure[]> {
  return [await measureStart(context), ...(await measureMemory(context))];
}

async function measureStart(context: BenchContext): Promise<Figure> {
  context.tell("start of the program");
  const values: number[] = [];
  // One more, which is not counted: the program may not be in the cache of files yet.
  for (let start = 0; start <= starts; start++) {
    const ms = await timeStart(context);
    if (start > 0) values.push(ms);
  }
  const title = "Start of the compiled program to the first 200";
  return plainFigure({ title, values, unit: "ms", target: { limit: 40 } });
}

async function timeStart({ program, cores, upstream, proxy }: BenchContext): Promise<number> {
  const folder = join(process.env["TMPDIR"] ?? "/tmp", `claude-proxy-start-${process.pid}`);
  const startMs = performance.now();
  const child = Bun.spawn(
    ["taskset", "-c", String(cores.proxy), program, "serve", "--port", String(startPort)],
    {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      env: {
        PATH: process.env["PATH"],
        ...claudeProxyEnv(folder, upstream.baseUrl),
        LOG_FILE_PATH: `${folder}.log`,
      },
    },
  );
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${proxy.name} ended while it started`);
      const status = await fetch(`http://127.0.0.1:${startPort}/health`).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) return performance.now() - startMs;
      await Bun.sleep(0.5);
    }
  } finally {
    child.kill();
    await child.exited;
  }
}

async function measureMemory(context: BenchContext): Promise<Figure[]> {
  const idle: number[] = [];
  const loaded: number[] = [];
  for (let run = 0; run < context.pairs; run++) {
    context.tell(`memory, run ${run + 1} of ${context.pairs}`);
    const proxy = await context.startFreshProxy();
    try {
      await Bun.sleep(1000);
      idle.push(readRssMb(proxy.pids));
      await context.upstream.set({
        kind: "whole",
        chunks: 1,
        chunkCharacters: 2000,
        paceMs: 0,
        toolCalls: 0,
      });
      const body = buildBody({ stream: false, ...agentBody });
      await runRequests(proxy, body, { connections: 16, ms: 2 * context.loadMs });
      await Bun.sleep(2000);
      loaded.push(readRssMb(proxy.pids));
    } finally {
      await proxy.stop();
    }
  }
  const title = "Memory before the first count";
  return [
    plainFigure({ title: `${title}, idle`, values: idle, unit: "MB", target: { limit: 45 } }),
    plainFigure({
      title: `${title}, after requests of 184 KB, 16 at once`,
      values: loaded,
      unit: "MB",
      target: { limit: 75 },
    }),
  ];
}
