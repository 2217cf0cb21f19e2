import { buildBody, encodePost, writeText } from "../load/bodies.ts";
import { Connection } from "../load/connection.ts";
import { createRandom } from "../measure/random.ts";
import type { Server } from "../servers/server.ts";
import type { BenchContext } from "./bench-context.ts";
import { type Figure, plainFigure } from "./figure.ts";

const megabyte = 1_000_000;
const turns = 200;
const charactersOfTurn = 1000;
const paceMs = 5;

/** How long `count_tokens` takes over the wire, and how long a stream stands still meanwhile. */
export async function measureCounting(context: BenchContext): Promise<Figure[]> {
  const proxy = await context.startFreshProxy();
  try {
    context.tell("counting");
    await count(proxy, bodyOf([writeText(100, 1)]));
    const { text, recount } = await measureOrdinary(proxy, context.pairs);
    const hard = await measureHard(proxy, context.pairs);
    const stalls = await measureStall(context, proxy);
    return [
      plainFigure({ title: "Count of 100 KB of new text", values: text, unit: "ms", target: { limit: 25 } }),
      plainFigure({
        title: `Count of ${turns} turns of 1 KB, of which the last is new`,
        values: recount,
        unit: "ms",
        target: { limit: 5 },
      }),
      plainFigure({
        title: "Count of 1 MB, the slowest of six kinds",
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
  const text: number[] = [];
  const recount: number[] = [];
  for (let run = 0; run < runs; run++) {
    text.push(await count(proxy, bodyOf([mixedText(100_000, 100 + run)])));
    const conversation = Array.from({ length: turns }, (_, turn) =>
      mixedText(charactersOfTurn, run * turns + turn),
    );
    await count(proxy, bodyOf(conversation.slice(1)));
    recount.push(await count(proxy, bodyOf(conversation)));
  }
  return { text, recount };
}

/** Text whose words are not all known after the first of it: what a memory of words gains is not what is asked. */
function mixedText(length: number, seed: number): string {
  const random = createRandom(seed);
  let text = writeText(Math.floor(length * 0.7), seed);
  while (text.length < length) text += ` ${Math.floor(random() * 1e9).toString(36)}`;
  return text.slice(0, length);
}

/** Seconds of the slowest, in each run. */
async function measureHard(proxy: Server, runs: number): Promise<number[]> {
  const slowest: number[] = [];
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run);
    const draw = (from: number, count: number) =>
      Array.from({ length: megabyte }, () => String.fromCharCode(from + Math.floor(random() * count))).join(
        "",
      );
    const texts = ["a".repeat(megabyte), " ".repeat(megabyte), "\n/".repeat(megabyte / 2), draw(97, 26)];
    const times: number[] = [];
    for (const text of [...texts, draw(0x4e00, 8000), mixedText(megabyte, run)]) {
      times.push((await count(proxy, bodyOf([`${run}${text}`]))) / 1000);
    }
    slowest.push(Math.max(...times));
  }
  return slowest;
}

/** Milliseconds between two reads of a stream, beyond the pace of the upstream. */
async function measureStall({ upstream, pairs }: BenchContext, proxy: Server): Promise<number[]> {
  const stalls: number[] = [];
  for (let run = 0; run < pairs; run++) {
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
    await count(proxy, bodyOf([mixedText(2 * megabyte, 1000 + run)]));
    stalls.push(longestMs);
    stream.close();
  }
  return stalls;
}
