// Measures how long streams stand still beside what once stopped them for seconds: `bun run gaps [--streams 50] [--only part
// of a name] [--write]`. Each shape is sent three times, beside so many streams of an event every 10 ms; told is the longest
// time between two reads of any of them, and in the first line what it is when nothing is sent. `--write` puts the table
// into docs/reliability.md. The exit code is not 0 when a gap is longer than 100 ms.
import { parseArgs } from "node:util";
import { type RunningProgram, startProgram } from "../../test/support/start-program.ts";
import { replaceSection } from "../replace-section.ts";
import { type Shape, shapes } from "./shapes.ts";

const { values: options } = parseArgs({
  options: {
    streams: { type: "string", default: "50" },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

const longestGapMs = 100;
const rounds = 3;
const document = "docs/reliability.md";

/** Reads streams without end and knows the longest time in which any of them stood still. */
class Watch {
  #longestMs = 0;
  readonly #stop = new AbortController();

  async open(url: string, streams: number): Promise<void> {
    const body = JSON.stringify({
      model: "watched/stream",
      max_tokens: 100,
      stream: true,
      messages: [{ role: "user", content: "hi" }],
    });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body };
    for (let index = 0; index < streams; index += 1) {
      const response = await fetch(`${url}/v1/messages`, { ...init, signal: this.#stop.signal });
      void this.#read(response);
    }
  }

  /** The longest gap while `work` is done, in milliseconds. */
  async during(work: () => Promise<unknown>): Promise<number> {
    this.#longestMs = 0;
    await work();
    // What stood still until its end is read now.
    await Bun.sleep(50);
    return this.#longestMs;
  }

  close(): void {
    this.#stop.abort();
  }

  async #read(response: Response): Promise<void> {
    let lastMs = performance.now();
    try {
      for await (const _ of response.body ?? []) {
        const nowMs = performance.now();
        this.#longestMs = Math.max(this.#longestMs, nowMs - lastMs);
        lastMs = nowMs;
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
    if (!this.#stop.signal.aborted) throw new Error("a watched stream has ended");
  }
}

function ask<Answer>(worker: Worker, message: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    if (message !== undefined) worker.postMessage(message);
  });
}

interface Row {
  name: string;
  statuses: string;
  gapMs: number;
}

async function measure(shape: Shape, program: RunningProgram, watch: Watch): Promise<Row> {
  await ask(upstream, shape.answer?.() ?? null);
  await ask(sender, { prepare: shape.name });
  const gaps: number[] = [];
  const statuses = new Set<number>();
  for (let round = 0; round < rounds; round += 1) {
    const gapMs = await watch.during(async () => {
      for (const status of await ask<number[]>(sender, { sendTo: program.url })) statuses.add(status);
    });
    gaps.push(gapMs);
  }
  return { name: shape.name, statuses: [...statuses].sort().join(", "), gapMs: Math.max(...gaps) };
}

const upstream = new Worker(new URL("./upstream-worker.ts", import.meta.url));
const sender = new Worker(new URL("./sender-worker.ts", import.meta.url));
const port = await ask<number>(upstream, undefined);
const rows: Row[] = [];
const report = (row: Row) => {
  console.log(`${row.gapMs.toFixed(0).padStart(7)} ms  ${row.statuses.padEnd(9)} ${row.name}`);
  rows.push(row);
};
const chosen = shapes.filter(({ name }) => name.includes(options.only));
for (const profile of new Set(chosen.map((shape) => shape.profile))) {
  await using program = await startProgram(`http://127.0.0.1:${port}/v1`, {
    LOG_LEVEL: "INFO",
    UPSTREAM_PROFILE: profile,
  });
  const watch = new Watch();
  await watch.open(program.url, Number(options.streams));
  const idleMs = await watch.during(() => Bun.sleep(1_000));
  report({ name: `nothing (${profile})`, statuses: "", gapMs: idleMs });
  for (const shape of chosen) {
    if (shape.profile !== profile) continue;
    report(await measure(shape, program, watch));
  }
  watch.close();
}
upstream.terminate();
sender.terminate();

const lines = rows.map(({ name, statuses, gapMs }) => `| ${name} | ${statuses} | ${Math.round(gapMs)} |`);
const table = ["| beside | answered | longest gap, ms |", "|---|---|---|", ...lines].join("\n");
if (options.write) replaceSection(document, "gaps", table);
const long = rows.filter(({ gapMs }) => gapMs > longestGapMs);
console.log(`${rows.length} rows, ${long.length} with a gap over ${longestGapMs} ms`);
process.exit(long.length === 0 ? 0 : 1);
