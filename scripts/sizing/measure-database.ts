import { z } from "zod";
import type { QueryRows } from "../../src/postgres/postgres.ts";
import { listFamily, readCpuUs } from "../bench/measure/process-usage.ts";
import type { Writers } from "./start-writers.ts";
import type { WriterOrder } from "./writer-messages.ts";

/** What the database did for some seconds at one rate. */
export interface DatabaseTrial {
  readonly asked: WriterOrder;
  readonly seconds: number;
  /** Rows a second that it has taken. */
  readonly rows: number;
  readonly transactions: number;
  /** Of a core: that of PostgreSQL, and that of all writers. */
  readonly cpu: number;
  readonly writersCpu: number;
  readonly connections: number;
  /** A second. */
  readonly walBytes: number;
  /** Bytes on the disk for each row: of requests with their indexes, and of messages. */
  readonly rowBytes: number;
  readonly bodyBytes: number;
  /** Rows that wait for the database at the end, and those that were lost. */
  readonly waiting: number;
  readonly lost: number;
  /** Milliseconds that a reservation takes: the one in the middle, and the 99th of 100; null without any. */
  readonly reserveMs: { readonly p50: number; readonly p99: number } | null;
  /** What its processes waited for most often while they ran something, and in what part of the looks. */
  readonly waitedFor: readonly { readonly what: string; readonly share: number }[];
}

/** Where it is asked how it is, over a connection that is not counted. */
export interface WatchedDatabase {
  readonly query: QueryRows;
  /** Of its first process. */
  readonly pid: number;
}

const bookSchema = z.object({
  rows: z.number(),
  transactions: z.number(),
  connections: z.number(),
  wal: z.number(),
  request_bytes: z.number(),
  body_bytes: z.number(),
});

const bookSql = `select
  (select coalesce(max(seq), 0) from proxy_requests)::float8 as rows,
  (select xact_commit from pg_stat_database where datname = current_database())::float8 as transactions,
  (select count(*) from pg_stat_activity where application_name ~ '^(claude-proxy|sizing)')::float8 as connections,
  pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal,
  pg_total_relation_size('proxy_requests')::float8 as request_bytes,
  pg_total_relation_size('proxy_bodies')::float8 as body_bytes`;

const waitSql = `select coalesce(wait_event_type || ': ' || wait_event, 'CPU') as what from pg_stat_activity
  where state = 'active' and pid <> pg_backend_pid() and application_name ~ '^(claude-proxy|sizing)'`;
const waitSchema = z.object({ what: z.string() });

const [settleMs, lookMs] = [2_000, 200];

/** Lets the writers work at a rate for some seconds. */
export async function tryRate(
  { query, pid }: WatchedDatabase,
  writers: Writers,
  asked: WriterOrder,
  seconds: number,
): Promise<DatabaseTrial> {
  writers.set(asked);
  await Bun.sleep(settleMs);
  writers.readState();
  const readUsage = () => ({ postgresUs: readCpuUs(listFamily(pid)), writersUs: writers.readCpuUs() });
  const before = bookSchema.parse((await query(bookSql))[0]);
  const usedBefore = readUsage();
  const startMs = performance.now();
  const waits = new Map<string, number>();
  let looks = 0;
  while (performance.now() - startMs < seconds * 1000) {
    await Bun.sleep(lookMs);
    for (const { what } of z.array(waitSchema).parse(await query(waitSql))) {
      waits.set(what, (waits.get(what) ?? 0) + 1);
    }
    looks += 1;
  }
  const usedAfter = readUsage();
  const tookSeconds = (performance.now() - startMs) / 1000;
  const after = bookSchema.parse((await query(bookSql))[0]);
  const state = writers.readState();
  const perSecond = (from: number, to: number) => (to - from) / tookSeconds;
  const rows = Math.max(1, after.rows - before.rows);
  return {
    asked,
    seconds: tookSeconds,
    rows: perSecond(before.rows, after.rows),
    // Ours are not counted.
    transactions: perSecond(before.transactions, after.transactions - looks - 1),
    cpu: perSecond(usedBefore.postgresUs, usedAfter.postgresUs) / 1e6,
    writersCpu: perSecond(usedBefore.writersUs, usedAfter.writersUs) / 1e6,
    connections: after.connections,
    walBytes: perSecond(before.wal, after.wal),
    rowBytes: (after.request_bytes - before.request_bytes) / rows,
    bodyBytes: (after.body_bytes - before.body_bytes) / rows,
    waiting: state.waiting,
    lost: state.lost,
    reserveMs: summarise(state.reserveMs),
    waitedFor: [...waits]
      .map(([what, count]) => ({ what, share: count / looks }))
      .toSorted((a, b) => b.share - a.share)
      .slice(0, 3),
  };
}

function summarise(values: readonly number[]): { p50: number; p99: number } | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99) };
}

const longestReserveMs = 250;
const busyCore = 0.85;

/**
 * What gave out in a trial, if more waited at its end than comes in a second or two, something was lost, or reservations
 * took longer than a request waits for one; null if all kept up.
 */
export function findLimit(trial: DatabaseTrial): string | null {
  const { asked, rows, waiting, lost, reserveMs, cpu, writersCpu, waitedFor } = trial;
  const isSlow = reserveMs !== null && reserveMs.p99 > longestReserveMs;
  const isBehind = rows < 0.9 * asked.rowsPerSecond || waiting > 1.5 * asked.rowsPerSecond || lost > 0;
  if (!isSlow && !isBehind) return null;
  if (cpu >= busyCore) return "CPU of PostgreSQL";
  if (writersCpu >= busyCore) return "CPU of the writers";
  return waitedFor[0]?.what ?? "nothing that was seen";
}
