// How many developers some instances and one PostgreSQL serve: `bun run sizing`; see docs/operations.md. A day is simulated
// from `session-model.ts`, the costs are measured on this machine: Linux, two cores or more, PostgreSQL.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres, whyNoPostgres } from "../../test/support/postgres.ts";
import { pin } from "../bench/measure/process-usage.ts";
import { buildProgram } from "../bench/servers/build-program.ts";
import { formatDatabase, formatDay, formatNeed } from "./format-report.ts";
import { measureInstance } from "./measure-instance.ts";
import { planNeed } from "./plan-need.ts";
import { sessionModel } from "./session-model.ts";
import { simulateDay } from "./simulate-day.ts";
import { tryDatabase } from "./try-database.ts";

const usage = `bun run sizing [options]

  --developers N    how many people (10000)
  --instances N     how many instances write to PostgreSQL (those that are needed)
  --minutes N       how long they do so at the rate of the busiest hour (2)
  --seed N          of the simulated day (1)
  --program PATH    measure this compiled program instead of building one
  --simulate-only   measure nothing
  --out FOLDER      where sizing.json goes (dist/sizing)`;

/** What a company's server has too, unlike that of the tests. */
const serverSettings = { fsync: "on", full_page_writes: "on", shared_buffers: "256MB", max_wal_size: "4GB" };
const workdaysOfMonth = 21;

function endWithUsage(exitCode: number): never {
  console.error(usage);
  process.exit(exitCode);
}

function parseCount(text: string): number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : endWithUsage(2);
}

const { values } = parseArgs({
  options: {
    developers: { type: "string", default: "10000" },
    instances: { type: "string" },
    minutes: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    program: { type: "string" },
    "simulate-only": { type: "boolean", default: false },
    out: { type: "string", default: "dist/sizing" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) endWithUsage(0);
const developers = parseCount(values.developers);
const day = simulateDay(sessionModel, developers, parseCount(values.seed));
console.log(`${developers.toLocaleString("en-US")} developers\n\n${formatDay(day)}\n`);
if (values["simulate-only"]) process.exit();
if (whyNoPostgres !== null) throw new Error(whyNoPostgres);
if (cpus().length < 2) throw new Error("This needs two cores: one for what is measured, one for all else.");

const folder = mkdtempSync(join(tmpdir(), "claude-proxy-sizing-"));
const stack = new AsyncDisposableStack();
try {
  const program = values.program ?? buildProgram(folder);
  pin(process.pid, 1);
  const postgres = stack.use(await startPostgres({ certificate: null, settings: serverSettings }));
  console.error("An instance is measured.");
  const costs = await measureInstance(program, folder, postgres);
  const need = planNeed(day, costs);
  console.log(`${formatNeed(costs, need)}\n`);
  // It is measured on the core that the instance had.
  pin(postgres.pid() ?? 0, 0);
  console.error("PostgreSQL is measured.");
  const trials = await tryDatabase(postgres, folder, {
    instances: values.instances === undefined ? need.instances : parseCount(values.instances),
    rows: day.hour.messages + day.hour.counts,
    seconds: parseCount(values.minutes) * 60,
    bodyBytes: Math.round(day.meanMessageBytes),
  });
  const monthRows = day.requests * workdaysOfMonth;
  const gigabytes = (bytesOfRow: number) => `${Math.round((monthRows * bytesOfRow) / 1e9)} GB`;
  console.log(
    `${formatDatabase(trials)}\n\nDisk of a month of ${workdaysOfMonth} working days: ` +
      `${gigabytes(trials.peak.rowBytes)} for the requests, and ${gigabytes(trials.withBodies.bodyBytes)} more ` +
      `with all messages.\n\n${cpus().length} cores (${cpus()[0]?.model.trim()}), ` +
      `load over five minutes ${loadavg()[1]?.toFixed(1)}. PostgreSQL had one core, all writers together the other.`,
  );
  mkdirSync(values.out, { recursive: true });
  const all = { developers, model: sessionModel, day, costs, need, trials };
  await Bun.write(join(values.out, "sizing.json"), `${JSON.stringify(all, null, 2)}\n`);
} finally {
  await stack.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
