import { findConversation } from "../prefix/find-conversation.ts";
import { PrefixMemory } from "../prefix/prefix-memory.ts";
import type { PrefixBreak } from "../recorded-request.ts";
import { describeFault, isLocked } from "../sqlite/describe-fault.ts";
import { createRecordFile } from "../sqlite/record-file.ts";
import { listValues } from "../sqlite/request-columns.ts";
import type { RequestRow } from "../sqlite/write-requests.ts";
import { type Cleaners, createCleaners } from "./create-cleaners.ts";
import { joinPieces, listBodyValues, packBody } from "./pack-body.ts";
import { unpackEntries } from "./pack-entries.ts";
import { createPruning } from "./pruning.ts";
import type { WriteEntry, WriteOrder, WriteReport, WriteStart } from "./write-order.ts";
import { writePieces } from "./write-pieces.ts";

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
export function createRecordWriter(
  { path, secrets, keepDays, maxMegabytes, times }: WriteStart,
  report: (report: WriteReport) => void,
): (order: WriteOrder) => void {
  const prefixes = new PrefixMemory();
  const cleaners = createCleaners(secrets);
  const redact = (text: string) => cleaners.of([]).redact(text);
  let failures = 0;
  let retry: Timer | undefined;
  const file = createRecordFile({
    path,
    warn: (message, cause) => report({ kind: "warning", message, cause: redact(String(cause)) }),
  });
  const pruning = createPruning({ file, keepDays, maxMegabytes, times });

  const compare = (entry: WriteEntry): ComparedEntry => ({
    ...entry,
    prefix: comparePrefix(entry, prefixes),
  });

  const write = async (entries: readonly ComparedEntry[]): Promise<void> => {
    try {
      // Anew for each try, as values that may not be shown can have been added meanwhile.
      const rows = entries.map((entry) => buildRow(entry, cleaners));
      const refused = await file.use((database) => writePieces(database, rows, pruning.noteWritten));
      failures = 0;
      report({ kind: "written", refused });
    } catch (error) {
      failures += 1;
      // Two processes that begin at once keep each other waiting for a moment, which is no fault.
      if (failures > 1 || !isLocked(error)) {
        report({ kind: "fault", fault: redact(describeFault(error, path)) });
      }
      const pauseMs = Math.min(times.retryMs * 2 ** (failures - 1), longestRetryMs);
      retry = setTimeout(() => void write(entries), pauseMs);
    }
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
        clearTimeout(retry);
        pruning.stop();
        file.close();
        report({ kind: "closed" });
    }
  };
}

/** How the request goes on from the one before it in its conversation; null if there is nothing to compare. */
function comparePrefix({ request, sent }: WriteEntry, prefixes: PrefixMemory): PrefixBreak | null {
  const conversation = sent === null ? null : findConversation(request);
  return sent === null || conversation === null ? null : prefixes.compare(conversation, joinPieces(sent));
}

function buildRow({ request, bodies, secrets, prefix }: ComparedEntry, cleaners: Cleaners): RequestRow {
  const { redact, clean } = cleaners.of(secrets);
  return {
    values: listValues({ ...request, prefix }, clean),
    bodies: bodies.map((body) => listBodyValues(packBody(body, redact, clean))),
  };
}
