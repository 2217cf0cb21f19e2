import { createHardTexts, readOrdinaryTexts } from "../count/texts.ts";
import { buildBody, encodePost } from "../load/bodies.ts";
import { Connection } from "../load/connection.ts";
import type { Server } from "../servers/server.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, plainFigure } from "./figure.ts";

const megabyte = 1_000_000;
/** The last is the user's. */
const turns = 201;
const charactersOfTurn = 1000;
const paceMs = 5;

/** How long `count_tokens` takes over the wire, and how long a stream stands still meanwhile. */
export async function measureCounting(context: BenchContext): Promise<Figure[]> {
  const proxy = await context.startFreshProxy();
  try {
    context.tell("counting");
    await count(proxy, bodyOf(["The first count loads the table."]));
    const { text, recount } = await measureOrdinary(proxy, context.pairs);
    const hard = await measureHard(proxy, context.pairs);
    const stalls = await measureStall(context, proxy);
    return [
      plainFigure({
        title: "Count of 100 KB of English, the table loaded",
        values: text,
        unit: "ms",
        target: { limit: 25 },
      }),
      plainFigure({
        title: `Count of ${turns} messages of 1 KB, of which the last two are new`,
        values: recount,
        unit: "ms",
        target: { limit: 5 },
      }),
      plainFigure({
        title: "Count of 1 MB, the slowest of eight hard kinds",
        values: hard,
        unit: "s",
        target: { limit: 2 },
      }),
      plainFigure({
        title: "Longest pause of a stream while 2 MB are counted, on the same core",
        values: stalls,
        unit: "ms",
        target: { limit: 20 },
      }),
    ];
  } finally {
    await proxy.stop();
  }
}

function bodyOf(texts: readonly string[]): string {
  const messages = texts.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
  return JSON.stringify({ model: "claude-sonnet-4-5", messages });
}

/** Milliseconds. */
async function count(proxy: Server, body: string): Promise<number> {
  const bytes = encodePost(proxy.port, `${proxy.path}/count_tokens`, body);
  const connection = await Connection.open(proxy.port);
  const startMs = performance.now();
  const { status, tail } = await connection.send(bytes);
  const ms = performance.now() - startMs;
  connection.close();
  if (status !== 200) throw new Error(`${proxy.name} does not count: ${tail}`);
  return ms;
}

async function measureOrdinary(proxy: Server, runs: number) {
  const { "English, Markdown": english = [] } = await readOrdinaryTexts(runs, 100_000);
  const { TypeScript: code = [] } = await readOrdinaryTexts(runs, turns * charactersOfTurn);
  const text: number[] = [];
  const recount: number[] = [];
  for (const part of english) text.push(await count(proxy, bodyOf([part])));
  for (const part of code) {
    const conversation = Array.from({ length: turns }, (_, turn) =>
      part.slice(turn * charactersOfTurn, (turn + 1) * charactersOfTurn),
    );
    await count(proxy, bodyOf(conversation.slice(0, -2)));
    recount.push(await count(proxy, bodyOf(conversation)));
  }
  return { text, recount };
}

/** Seconds of the slowest, in each run. */
async function measureHard(proxy: Server, runs: number): Promise<number[]> {
  const slowest: number[] = [];
  const texts = Object.values(createHardTexts(megabyte));
  for (let run = 0; run < runs; run++) {
    const times: number[] = [];
    // The number makes it another text, which no earlier run has counted.
    for (const text of texts) times.push((await count(proxy, bodyOf([`${run}${text}`]))) / 1000);
    slowest.push(Math.max(...times));
  }
  return slowest;
}

/** Milliseconds between two reads of a stream, beyond the pace of the upstream. */
async function measureStall({ upstream, pairs }: BenchContext, proxy: Server): Promise<number[]> {
  const stalls: number[] = [];
  const { TypeScript: texts = [] } = await readOrdinaryTexts(pairs, 2 * megabyte);
  for (const text of texts) {
    await upstream.set({ kind: "stream", chunks: 10_000, chunkCharacters: 20, paceMs, toolCalls: 0 });
    const stream = await Connection.open(proxy.port);
    let lastMs = Number.POSITIVE_INFINITY;
    let longestMs = 0;
    // Given up below, so it is never answered whole.
    void stream.send(encodePost(proxy.port, proxy.path, buildBody({ stream: true })), () => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - lastMs - paceMs);
      lastMs = nowMs;
    });
    await Bun.sleep(300);
    longestMs = 0;
    await count(proxy, bodyOf([text]));
    stalls.push(longestMs);
    stream.close();
  }
  return stalls;
}
