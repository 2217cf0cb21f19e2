import { StreamWatch } from "../../gaps/stream-watch.ts";
import { createHardTexts, readOrdinaryTexts } from "../count/texts.ts";
import { buildBody } from "../load/bodies.ts";
import type { Server } from "../servers/spawn-server.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";

const megabyte = 1_000_000;
/** The last is the user's. */
const turns = 201;
const charactersOfTurn = 1000;
const paceMs = 5;

/** How long `count_tokens` takes over the wire, and how long a stream stands still meanwhile. */
export async function measureCounting(context: BenchContext): Promise<Figure[]> {
  console.error("counting");
  await using proxy = await context.startFreshProxy();
  await count(proxy, ["The first count loads the table."]);
  const { english, recount } = await measureOrdinary(proxy, context.pairs);
  const hard = await measureHard(proxy, context.pairs);
  const stalls = await measureStalls(context, proxy);
  return [
    plainFigure("Count of 100 KB of English, the table loaded", "ms", english, { atMost: 25 }),
    plainFigure(`Count of ${turns} messages of 1 KB, of which the last two are new`, "ms", recount, {
      atMost: 5,
    }),
    plainFigure("Count of 1 MB, the slowest of eight hard kinds", "s", hard, { atMost: 2 }),
    plainFigure("Longest pause of a stream while 2 MB are counted, on the same core", "ms", stalls, {
      atMost: 20,
    }),
  ];
}

/** Milliseconds for a conversation of these texts. */
async function count({ name, port, path }: Server, texts: readonly string[]): Promise<number> {
  const messages = texts.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
  const body = JSON.stringify({ model: "claude-sonnet-4-5", messages });
  const headers = { "content-type": "application/json" };
  const startMs = performance.now();
  const url = `http://127.0.0.1:${port}${path}/count_tokens`;
  const response = await fetch(url, { method: "POST", headers, body });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`${name} does not count: ${answer}`);
  return performance.now() - startMs;
}

async function measureOrdinary(proxy: Server, runs: number) {
  const { "English, Markdown": parts = [] } = await readOrdinaryTexts(runs, 100_000);
  const english: number[] = [];
  for (const part of parts) english.push(await count(proxy, [part]));
  const { TypeScript: code = [] } = await readOrdinaryTexts(runs, turns * charactersOfTurn);
  const recount: number[] = [];
  for (const part of code) {
    const conversation = Array.from({ length: turns }, (_, turn) =>
      part.slice(turn * charactersOfTurn, (turn + 1) * charactersOfTurn),
    );
    await count(proxy, conversation.slice(0, -2));
    recount.push(await count(proxy, conversation));
  }
  return { english, recount };
}

/** Seconds of the slowest, in each run. */
async function measureHard(proxy: Server, runs: number): Promise<number[]> {
  const slowest: number[] = [];
  const texts = Object.values(createHardTexts(megabyte));
  for (let run = 0; run < runs; run++) {
    let mostMs = 0;
    // The number makes it another text, which no earlier run has counted.
    for (const text of texts) mostMs = Math.max(mostMs, await count(proxy, [`${run}${text}`]));
    slowest.push(mostMs / 1000);
  }
  return slowest;
}

/** Milliseconds between two reads of a stream, beyond the pace of the upstream. */
async function measureStalls({ upstream, pairs }: BenchContext, proxy: Server): Promise<number[]> {
  const stalls: number[] = [];
  const { TypeScript: texts = [] } = await readOrdinaryTexts(pairs, 2 * megabyte);
  await upstream.set({ kind: "stream", chunks: 10_000, chunkCharacters: 20, paceMs });
  for (const text of texts) {
    using watch = new StreamWatch();
    await watch.open(`http://127.0.0.1:${proxy.port}${proxy.path}`, buildBody({ stream: true }));
    await Bun.sleep(300);
    stalls.push((await watch.during(() => count(proxy, [text]))) - paceMs);
  }
  return stalls;
}
