// Measures how long streams stand still beside what once stopped them for seconds: `bun run gaps [--streams 50] [--only part
// of a name] [--write]`. Each shape is sent three times, beside so many streams of an event every 10 ms; told is the longest
// time between two reads of any of them, and in the first line what it is when nothing is sent. `--write` puts the table
// into docs/reliability.md. The exit code is not 0 when a gap is longer than 100 ms.
import { parseArgs } from "node:util";
import { type RunningProgram, startProgram } from "../../test/support/start-program.ts";
import { replaceSection } from "../replace-section.ts";
import { type Shape, shapes } from "./shapes.ts";
import { StreamWatch } from "./stream-watch.ts";

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
const watchedRequest = JSON.stringify({
  model: "watched/stream",
  max_tokens: 100,
  stream: true,
  messages: [{ role: "user", content: "hi" }],
});

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

async function measure(shape: Shape, program: RunningProgram, watch: StreamWatch): Promise<Row> {
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
  using watch = new StreamWatch();
  for (let stream = 0; stream < Number(options.streams); stream += 1) {
    await watch.open(`${program.url}/v1/messages`, watchedRequest);
  }
  const idleMs = await watch.during(() => Bun.sleep(1_000));
  report({ name: `nothing (${profile})`, statuses: "", gapMs: idleMs });
  for (const shape of chosen) {
    if (shape.profile !== profile) continue;
    report(await measure(shape, program, watch));
  }
}
upstream.terminate();
sender.terminate();

const lines = rows.map(({ name, statuses, gapMs }) => `| ${name} | ${statuses} | ${Math.round(gapMs)} |`);
const table = ["| beside | answered | longest gap, ms |", "|---|---|---|", ...lines].join("\n");
if (options.write) replaceSection(document, "gaps", table);
const long = rows.filter(({ gapMs }) => gapMs > longestGapMs);
console.log(`${rows.length} rows, ${long.length} with a gap over ${longestGapMs} ms`);
process.exit(long.length === 0 ? 0 : 1);
