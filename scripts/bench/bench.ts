// Measures the proxy beside nginx, bare Bun and other proxies: `bun run bench`; see docs/performance.md.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureConfigFile, measurePassThrough } from "./figures/config-file.ts";
import { measureCounting } from "./figures/counting.ts";
import type { Figure } from "./figures/figure.ts";
import { measureGrowth } from "./figures/growth.ts";
import { measureOpenStreams } from "./figures/open-streams.ts";
import { measureRecord } from "./figures/record.ts";
import { measureRecording } from "./figures/recording.ts";
import { measureShared } from "./figures/shared.ts";
import { measureStartAndMemory } from "./figures/start-and-memory.ts";
import { measureStreams } from "./figures/streams.ts";
import { measureUnreadStream } from "./figures/unread-stream.ts";
import { measureWholeRequests } from "./figures/whole-requests.ts";
import { measureWires } from "./figures/wires.ts";
import { drawChart } from "./report/draw-chart.ts";
import { formatTables } from "./report/format-tables.ts";
import { buildProgram } from "./servers/build-program.ts";
import { startServers } from "./start-servers.ts";

/** Figures that are measured together, in the order of the table. */
const groups = new Map([
  ["requests", measureWholeRequests],
  ["streams", measureStreams],
  ["wires", measureWires],
  ["pass-through", measurePassThrough],
  ["config-file", measureConfigFile],
  ["open-streams", measureOpenStreams],
  ["start", measureStartAndMemory],
  ["counting", measureCounting],
  ["unread", measureUnreadStream],
  ["growth", measureGrowth],
  ["recording", measureRecording],
  ["record", measureRecord],
  ["shared", measureShared],
]);

const usage = `bun run bench [options]

  --pairs N            how often each figure is measured of each server, in turns (5)
  --load-ms N          how long one measurement under load lasts (1000)
  --only A,B           these groups of figures only: ${[...groups.keys()].join(", ")}
  --peer NAME=URL      measure the proxy at this address too; it must use the upstream of the bench
  --upstream-port N    port of that upstream (18080): http://127.0.0.1:18080/v1
  --program PATH       measure this compiled program instead of building one
  --out FOLDER         where results.json, results.md and chart.svg go (dist/bench)`;

function endWithUsage(exitCode: number): never {
  console.error(usage);
  process.exit(exitCode);
}

function parseCount(text: string): number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : endWithUsage(2);
}

function parsePeer(text: string): { name: string; url: URL } {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || url === undefined || !URL.canParse(url)) endWithUsage(2);
  return { name, url: new URL(url) };
}

function git(...args: string[]): string {
  return Bun.spawnSync(["git", ...args])
    .stdout.toString()
    .trim();
}

/** Where and of what the figures were measured. A load of more than the cores is a busy machine. */
function describeMachine(startMs: number) {
  return {
    commit: git("rev-parse", "--short=10", "HEAD") + (git("status", "--porcelain", "src") && " with changes"),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${release()}`,
    bun: Bun.version,
    load: loadavg()[1] ?? 0,
    measuredAt: new Date().toISOString().slice(0, 16),
    tookSeconds: Math.round((performance.now() - startMs) / 1000),
  };
}

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "5" },
    "load-ms": { type: "string", default: "1000" },
    only: { type: "string", default: [...groups.keys()].join(",") },
    peer: { type: "string", multiple: true, default: [] },
    "upstream-port": { type: "string", default: "18080" },
    program: { type: "string" },
    out: { type: "string", default: "dist/bench" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) endWithUsage(0);
const chosen = values.only.split(",").map((name) => groups.get(name) ?? endWithUsage(2));
const settings = {
  pairs: parseCount(values.pairs),
  loadMs: parseCount(values["load-ms"]),
  upstreamPort: parseCount(values["upstream-port"]),
  peers: values.peer.map(parsePeer),
};
const startMs = performance.now();
const folder = mkdtempSync(join(tmpdir(), "claude-proxy-bench-"));
const stack = new AsyncDisposableStack();
const figures: Figure[] = [];
try {
  const program = values.program ?? buildProgram(folder);
  const context = await startServers({ ...settings, program }, folder, stack);
  for (const measure of chosen) figures.push(...(await measure(context)));
} finally {
  await stack.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
}

const machine = describeMachine(startMs);
const head =
  `Commit ${machine.commit}, ${machine.measuredAt} UTC, in ${machine.tookSeconds} s. ${machine.cores} cores ` +
  `(${machine.processor}), ${machine.memoryGb} GB, ${machine.system}, Bun ${machine.bun}. ` +
  `Load of the machine over five minutes: ${machine.load.toFixed(1)}.`;
const tables = `${head}\n\n${formatTables(figures)}\n`;
mkdirSync(values.out, { recursive: true });
await Bun.write(join(values.out, "results.json"), `${JSON.stringify({ machine, figures }, null, 2)}\n`);
await Bun.write(join(values.out, "results.md"), tables);
await Bun.write(join(values.out, "chart.svg"), drawChart(figures));
console.log(tables);
process.exit();
