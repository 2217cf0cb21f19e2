import { openPostgres } from "../../postgres/open-postgres.ts";
import { pruneRequests } from "../postgres/prune-requests.ts";
import { nameRecordPlace } from "../record-place.ts";
import { createSpool } from "../spool/create-spool.ts";
import { buildSpooledRow } from "./build-spooled-row.ts";
import type { RecordSink } from "./record-sink.ts";
import { createSpoolSender } from "./spool-sender.ts";
import type { SharedWritePlace, WriteReport, WriteStart } from "./write-order.ts";

const dayMs = 24 * 60 * 60_000;
const megabyte = 1_000_000;
/** Between two steps of pruning, in milliseconds. */
const pauseMs = 50;

/**
 * Creates the sink of a record in a shared database. What is written goes to the spool, which is quick and hardly ever
 * fails, and from there to the database as soon as that takes it: this is told by reports of the spool.
 */
export function createSharedSink(
  place: SharedWritePlace,
  { keepDays, maxMegabytes, times }: WriteStart,
  report: (report: WriteReport) => void,
  warn: (message: string, cause: unknown) => void,
): RecordSink {
  const { url, spoolFolder, instance } = place;
  const name = nameRecordPlace(place);
  const postgres = openPostgres({
    url,
    name: "claude-proxy record",
    connections: 1,
    timeoutMs: times.sendMs,
  });
  const spool = createSpool({ folder: spoolFolder, maxBytes: maxMegabytes * megabyte, warn });
  const noteChange = (): void => {
    const { count: spooled, inMemory } = spool;
    const { awaySinceMs, fault } = sender;
    report({ kind: "spool", spooled, inMemory, awaySinceMs, fault });
  };
  const sender = createSpoolSender({
    postgres,
    spool,
    place: name,
    times,
    noteChange,
    noteRefused: (count) =>
      report({ kind: "lost", what: "request", count, why: "It has values that the record does not take." }),
  });
  const adopt = (): void => {
    spool.adopt();
    if (spool.count > 0) noteChange();
    sender.wake();
  };
  const pruning = startPruning(() => pruneRequests(postgres.query, keepDays * dayMs), times);
  const adopting = setInterval(adopt, times.adoptEveryMs);
  adopt();

  return {
    async write(entries) {
      const losses = spool.add(entries.map((entry) => buildSpooledRow(entry, instance)));
      const why = `The shared record has not taken any for long, and RECORD_MB (${maxMegabytes}) is used up.`;
      report({ kind: "lost", what: "bodies", count: losses.bodies, why });
      report({ kind: "lost", what: "request", count: losses.requests, why });
      noteChange();
      sender.wake();
      return 0;
    },
    describeFault: (error) => `${spoolFolder} cannot be written: ${String(error)}.`,
    async close() {
      clearInterval(adopting);
      pruning.stop();
      await sender.stop();
      noteChange();
      spool.close();
      await postgres.close();
    },
  };
}

/** Takes out what is too old, again and again, in small steps. */
function startPruning(
  step: () => Promise<boolean>,
  times: Pick<WriteStart["times"], "firstPruneMs" | "pruneEveryMs">,
): { stop(): void } {
  let isStopped = false;
  let timer = setTimeout(prune, times.firstPruneMs);
  async function prune(): Promise<void> {
    let delayMs = times.pruneEveryMs;
    try {
      if (await step()) delayMs = pauseMs;
    } catch {
      // Whatever is wrong with the database keeps requests from being sent too, and is said there.
    }
    if (!isStopped) timer = setTimeout(prune, delayMs);
  }
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
