// One instance, as the database sees it: `bun writer.ts FOLDER INSTANCE`, with the address of the database in RECORD. It
// writes rows through the recorder of the proxy, and reserves against caps with the proxy's own statements.
import { randomUUID } from "node:crypto";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { beginCounterSql, createCounterSql, reserveSql } from "../../src/postgres/spending-sql.ts";
import type { KeptBody } from "../../src/record/bodies/body-keeper.ts";
import { createRecorder } from "../../src/record/create-recorder.ts";
import { selectRecordPlace } from "../../src/record/record-place.ts";
import type { SpendingCharge } from "../../src/record/spending-charge.ts";
import { createRandom } from "../../test/support/random.ts";
import { writeRequestOf } from "../bench/record/request-of-agent.ts";
import { type WriterOrder, type WriterState, writerOrderSchema } from "./writer-messages.ts";

const [folder = "", instance = ""] = process.argv.slice(2);
const url = process.env["RECORD"] ?? "";
/** As long as a request waits. */
const patienceMs = 250;
const [tickMs, capConnections, clients, sessions] = [20, 3, 200, 20];
/** No cap of the trial is ever reached. */
const [mostPicousd, reservedPicousd] = [9e15, 5e10];

const place = selectRecordPlace(url, "");
if (place.kind === "file") throw new Error("RECORD names no database.");
const recorder = createRecorder({
  place: { ...place, spoolFolder: folder, instance },
  bodies: "all",
  keepDays: 365,
  maxMegabytes: 500,
  secrets: [],
  warn: (message, cause) => process.stderr.write(`${message} ${String(cause)}\n`),
  openReader: () => {
    throw new Error("nothing is read here");
  },
});
const caps = openPostgres({ url, name: "sizing caps", connections: capConnections, timeoutMs: 10_000 });
const random = createRandom(Bun.hash.crc32(instance));
const sessionIds = Array.from({ length: sessions }, () => randomUUID());
const today = new Date().toISOString().slice(0, 10);
const begun = new Set<string>();
let order: WriterOrder = { rowsPerSecond: 0, bodies: null, caps: "none" };
let [added, reserved, missed] = [0, 0, 0];
let reserveMs: number[] = [];

await migrate(caps);
process.on("message", (message: unknown) => {
  if (message === "end") void end();
  else order = writerOrderSchema.parse(message);
});
setInterval(() => {
  const waiting = recorder.state.backlog + (recorder.state.shared?.spooled ?? 0);
  const state: WriterState = { added, waiting, lost: recorder.state.lost, reserved, missed, reserveMs };
  process.send?.(state);
  reserveMs = [];
}, 1000);
let lastMs = performance.now();
let due = 0;
setInterval(() => {
  const nowMs = performance.now();
  due += ((nowMs - lastMs) / 1000) * order.rowsPerSecond;
  lastMs = nowMs;
  for (; due >= 1; due -= 1) void addRow(order);
}, tickMs);

async function addRow({ bodies, caps: kind }: WriterOrder): Promise<void> {
  const sessionId = sessionIds[Math.floor(random() * sessions)] ?? "";
  const request = { ...writeRequestOf({ timeMs: Date.now(), sessionId, random }), client: pickClient() };
  const counters = listCounters(request.client, kind);
  if (counters.length > 0) await reserve(request.requestId, counters);
  const charges = counters.map((counter): SpendingCharge => ({ ...counter, picousd: "30000000000" }));
  recorder.add(request, bodies === null ? [] : buildBodies(bodies, request.requestId), [], charges);
  added += 1;
}

function pickClient(): string {
  return `developer-${Math.floor(random() * clients)}`;
}

function listCounters(client: string, kind: WriterOrder["caps"]): Omit<SpendingCharge, "picousd">[] {
  const own = [
    { client, period: "day" as const, start: today },
    { client, period: "month" as const, start: today },
  ];
  if (kind === "none") return [];
  return kind === "own" ? own : [{ client: "", period: "day", start: today }, ...own];
}

async function reserve(
  requestId: string,
  counters: readonly Omit<SpendingCharge, "picousd">[],
): Promise<void> {
  await Promise.all(counters.map(beginCounter));
  const wanted = counters.map((counter) => ({ ...counter, most: mostPicousd, alone: false }));
  const startMs = performance.now();
  await caps.query(reserveSql, [JSON.stringify(wanted), reservedPicousd, requestId, instance]);
  const tookMs = performance.now() - startMs;
  reserveMs.push(tookMs);
  reserved += 1;
  if (tookMs > patienceMs) missed += 1;
}

async function beginCounter({ client, period, start }: Omit<SpendingCharge, "picousd">): Promise<void> {
  const key = `${client} ${period} ${start}`;
  if (begun.has(key)) return;
  begun.add(key);
  await caps.query(createCounterSql, [client, period, start, String(patienceMs)]);
  await caps.query(beginCounterSql, [client, period, start, 0]);
}

/** The request as the client and as the upstream has it, and an answer of 2 KB in both forms. */
function buildBodies(text: string, requestId: string): KeptBody[] {
  const answer = text.slice(0, 2000);
  const build = (name: KeptBody["name"], send: number, content: string): KeptBody => {
    const bytes = Buffer.from(`${requestId} ${content}`);
    return { name, send, head: null, pieces: [bytes], bytes: bytes.length, isCut: false };
  };
  return [
    build("client-request", 0, text),
    build("upstream-request", 1, text),
    build("upstream-response", 1, answer),
    build("client-response", 0, answer),
  ];
}

async function end(): Promise<void> {
  order = { ...order, rowsPerSecond: 0 };
  await recorder.close();
  await caps.close();
  process.exit();
}
