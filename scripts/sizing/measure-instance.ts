import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Postgres } from "../../test/support/postgres.ts";
import { buildBody, encodePost } from "../bench/load/bodies.ts";
import { measurePaced, openConnections, runRequests } from "../bench/load/run-load.ts";
import { readCpuUs, readRssMb } from "../bench/measure/process-usage.ts";
import { type Server, spawnServer } from "../bench/servers/spawn-server.ts";
import { startUpstream, type Upstream } from "../bench/servers/start-upstream.ts";
import { fitLine } from "./fit-line.ts";

/** What the real program takes on this machine. CPU is that of all its threads, in microseconds. */
export interface InstanceCosts {
  /** Of a request with a short answer, recorded. */
  readonly requestUs: number;
  /** More of it for each KB that it has. */
  readonly kilobyteUs: number;
  /** Of a chunk that comes alone. */
  readonly chunkUs: number;
  /** Of a count of tokens. */
  readonly countUs: number;
  /** Memory behind the requests, with no stream open. */
  readonly restMb: number;
  /** Memory of an open stream, in KB. */
  readonly streamKb: number;
  /** Connections to PostgreSQL that it holds. */
  readonly connections: number;
}

const sizes = [3_000, 60_000, 200_000, 600_000];
const [connections, loadMs, settleMs] = [4, 3_000, 500];
const [pacedStreams, paceMs, pacedChunks] = [48, 16, 250];
const [openStreams, openBytes, openMs] = [300, 190_000, 3_000];
const counts = 200;

/** Measures the program for about half a minute: it has the first core, and what asks and answers it the second. */
export async function measureInstance(
  program: string,
  folder: string,
  postgres: Postgres,
): Promise<InstanceCosts> {
  await using upstream = await startUpstream(18_090, 1);
  await using proxy = await startProxy(program, folder, postgres.url, upstream);
  await upstream.set({ kind: "stream", chunks: 4, chunkCharacters: 40 });
  const points: [number, number][] = [];
  // The first is a warm-up.
  for (const bytes of [60_000, ...sizes]) {
    const body = buildBody({
      stream: true,
      bytes,
      tools: bytes < 10_000 ? 0 : 12,
      messages: countMessages(bytes),
    });
    points.push([Buffer.byteLength(body) / 1000, await measureRequest(proxy, body)]);
  }
  const line = fitLine(points.slice(1));
  const countUs = await measureCount(proxy);
  const restMb = readRssMb(proxy.pids);
  const chunkUs = await measureChunk(proxy, upstream);
  const held = await measureHeld(proxy, upstream);
  const [row] = await postgres.query(
    "select count(*)::int as held from pg_stat_activity where application_name like 'claude-proxy%'",
  );
  const { held: found } = z.object({ held: z.number() }).parse(row);
  return {
    requestUs: line.base,
    kilobyteUs: line.slope,
    chunkUs,
    countUs,
    restMb,
    ...held,
    connections: found,
  };
}

async function startProxy(program: string, folder: string, record: string, upstream: Upstream) {
  const home = join(folder, "instance");
  await mkdir(home);
  const env = {
    HOME: home,
    BASE_URL: upstream.baseUrl,
    OPENAI_API_KEY: "sk-sizing-0123456789abcdef",
    BIG_MODEL_NAME: "bench",
    SMALL_MODEL_NAME: "bench",
    RECORD: record,
  };
  const port = 18_190;
  const command = [program, "serve", "--port", String(port)];
  const output = Bun.file(join(home, "output.txt"));
  return await spawnServer({ name: "claude-proxy", port, command, core: 0, cwd: home, env, output });
}

/** A message of a conversation has about 2 KB. */
function countMessages(bytes: number): number {
  return bytes < 10_000 ? 1 : 2 * Math.round(bytes / 4_000) + 1;
}

async function measureRequest(proxy: Server, body: string): Promise<number> {
  const startUs = readCpuUs(proxy.pids);
  const { requests } = await runRequests(proxy, body, { connections, ms: loadMs });
  await Bun.sleep(settleMs);
  return (readCpuUs(proxy.pids) - startUs) / (requests + connections);
}

async function measureChunk(proxy: Server, upstream: Upstream): Promise<number> {
  const body = buildBody({ stream: true });
  const read = async (chunks: number) => {
    await upstream.set({ kind: "stream", chunks, chunkCharacters: 4, paceMs });
    return (await measurePaced(proxy, body, pacedStreams)).cpuUs;
  };
  const fewUs = await read(10);
  return ((await read(pacedChunks)) - fewUs) / (pacedStreams * (pacedChunks - 10));
}

async function measureCount(proxy: Server): Promise<number> {
  const body = JSON.stringify({
    model: "claude-sonnet-4-5",
    messages: [{ role: "user", content: "count these words ".repeat(170) }],
  });
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${proxy.port}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    if (response.status !== 200) throw new Error(`A count was refused: ${await response.text()}`);
    await response.arrayBuffer();
  };
  // The first loads the table.
  await ask();
  await Bun.sleep(settleMs);
  const startUs = readCpuUs(proxy.pids);
  for (let count = 0; count < counts; count += 1) await ask();
  return (readCpuUs(proxy.pids) - startUs) / counts;
}

async function measureHeld(proxy: Server, upstream: Upstream): Promise<{ streamKb: number }> {
  await upstream.set({ kind: "stream", chunks: 600, chunkCharacters: 4, paceMs: 1000 });
  const body = buildBody({ stream: true, bytes: openBytes, tools: 12, messages: countMessages(openBytes) });
  const beforeMb = readRssMb(proxy.pids);
  const open = await openConnections(proxy, openStreams);
  for (const connection of open) {
    // Given up below, so it is never answered whole.
    void connection.send(encodePost(proxy, body));
    await Bun.sleep(5);
  }
  await Bun.sleep(openMs);
  const reached = await upstream.countOpen();
  if (reached < openStreams) throw new Error(`Only ${reached} of ${openStreams} streams reach the upstream.`);
  const streamKb = ((readRssMb(proxy.pids) - beforeMb) * 1000) / openStreams;
  for (const connection of open) connection.close();
  return { streamKb };
}
