import { findConversation } from "../prefix/find-conversation.ts";
import { PrefixMemory } from "../prefix/prefix-memory.ts";
import type { PrefixBreak } from "../recorded-request.ts";
import { listValues } from "../sqlite/request-columns.ts";
import { type Cleaners, createCleaners } from "./create-cleaners.ts";
import { joinPieces, listBodyValues, packBody } from "./pack-body.ts";
import { unpackEntries } from "./pack-entries.ts";
import type { PackedEntry, RecordSink } from "./record-sink.ts";
import type { WriteEntry, WriteOrder, WriteReport, WriteStart } from "./write-order.ts";

const longestRetryMs = 2_000;

/** An entry, and what was found out about its prefix: each request is compared once, however often it is tried. */
interface ComparedEntry extends WriteEntry {
  readonly prefix: PrefixBreak | null;
}

/**
 * Writes batches into the record, one after the other; it lives in a thread of its own. A batch that cannot be written
 * is tried again until it can.
 * @returns takes orders
 */
export async function createRecordWriter(
  start: WriteStart,
  report: (report: WriteReport) => void,
): Promise<(order: WriteOrder) => void> {
  const prefixes = new PrefixMemory();
  const cleaners = createCleaners(start.secrets);
  const redact = (text: string) => cleaners.of([]).redact(text);
  let failures = 0;
  let retry: Timer | undefined;
  const sink = await createSink(start, report, redact);

  const compare = (entry: WriteEntry): ComparedEntry => ({
    ...entry,
    prefix: comparePrefix(entry, prefixes),
  });

  const write = async (entries: readonly ComparedEntry[]): Promise<void> => {
    try {
      // Anew for each try, as values that may not be shown can have been added meanwhile.
      const refused = await sink.write(entries.map((entry) => packEntry(entry, cleaners)));
      failures = 0;
      report({ kind: "written", refused });
    } catch (error) {
      failures += 1;
      const fault = sink.describeFault(error, failures);
      if (fault !== null) report({ kind: "fault", fault: redact(fault) });
      const pauseMs = Math.min(start.times.retryMs * 2 ** (failures - 1), longestRetryMs);
      retry = setTimeout(() => void write(entries), pauseMs);
    }
  };
  const close = async (): Promise<void> => {
    clearTimeout(retry);
    await sink.close();
    report({ kind: "closed" });
  };

  return (order) => {
    switch (order.kind) {
      case "batch":
        void write(unpackEntries(order).map(compare));
        return;
      case "secrets":
        cleaners.addSecrets(order.secrets);
        return;
      case "close":
        void close();
    }
  };
}

/** Whoever has a file needs nothing of a database. */
async function createSink(
  start: WriteStart,
  report: (report: WriteReport) => void,
  redact: (text: string) => string,
): Promise<RecordSink> {
  const { place } = start;
  const warn = (message: string, cause: unknown) =>
    report({ kind: "warning", message, cause: redact(String(cause)) });
  if (place.kind === "file") {
    const { createFileSink } = await import("./file-sink.ts");
    return createFileSink(place.path, start, warn);
  }
  const { createSharedSink } = await import("./shared-sink.ts");
  return createSharedSink(place, start, report, warn);
}

/** How the request goes on from the one before it in its conversation; null if there is nothing to compare. */
function comparePrefix({ request, sent }: WriteEntry, prefixes: PrefixMemory): PrefixBreak | null {
  const conversation = sent === null ? null : findConversation(request);
  return sent === null || conversation === null ? null : prefixes.compare(conversation, joinPieces(sent));
}

function packEntry(
  { request, bodies, secrets, charges, prefix }: ComparedEntry,
  cleaners: Cleaners,
): PackedEntry {
  const { redact, clean } = cleaners.of(secrets);
  return {
    values: listValues({ ...request, prefix }, clean),
    bodies: bodies.map((body) => listBodyValues(packBody(body, redact, clean))),
    charges,
  };
}
