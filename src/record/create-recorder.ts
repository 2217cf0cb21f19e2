import type { KeptBody } from "./bodies/body-keeper.ts";
import { nameRecordPlace } from "./record-place.ts";
import type { RecordReader } from "./record-reader.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { Recorder, RecorderState, SharedRecordState } from "./recorder.ts";
import { type RecorderOptions, type RecorderTimes, sharedCloseMs, usualTimes } from "./recorder-options.ts";
import type { SpendingCharge } from "./spending-charge.ts";
import { startWriterThread, type WriterThread } from "./writer-thread.ts";
import { createBacklog } from "./writing/backlog.ts";
import { createLossNotes, type LossNotes } from "./writing/loss-notes.ts";
import { selectKept } from "./writing/select-kept.ts";
import type { SpoolReport, WriteReport } from "./writing/write-order.ts";

const meanwhiles = {
  file: "Requests cannot be recorded for now; they are answered, and recording is tried again.",
  shared: "The shared record takes no requests for now; they are answered, and kept here until it does.",
} as const;

/** After so many failures with the same batch the batch is what makes the thread fail. */
const mostFailures = 2;

/**
 * Creates the recorder. Its thread is started when there is something to write, so that a proxy which waits for its
 * first request needs no memory for it.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  return new ThreadRecorder(options);
}

class ThreadRecorder implements Recorder {
  readonly state: RecorderState;
  readonly #options: RecorderOptions;
  readonly #times: RecorderTimes;
  readonly #secrets: Set<string>;
  readonly #backlog = createBacklog();
  readonly #notes: LossNotes;
  readonly #ended = Promise.withResolvers<void>();
  #thread: WriterThread | null = null;
  #timer: Timer | null = null;
  #failures = 0;
  #isClosing = false;
  #reader: RecordReader | null = null;
  #spool: SpoolReport | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { place } = options;
    const placeTimes = place.kind === "shared" ? { closeMs: sharedCloseMs } : {};
    this.#times = { ...usualTimes, ...placeTimes, ...options.times };
    this.#secrets = new Set(options.secrets);
    const backlog = this.#backlog;
    const meanwhile = meanwhiles[place.kind];
    const notes = createLossNotes({ everyMs: this.#times.sayMs, warn: options.warn, meanwhile });
    this.#notes = notes;
    const shared = (): SharedRecordState | null => this.#describeSpool();
    this.state = {
      path: nameRecordPlace(place),
      get backlog() {
        return backlog.length;
      },
      get lost() {
        return notes.lost;
      },
      get fault() {
        return notes.fault;
      },
      get shared() {
        return shared();
      },
    };
    // What an earlier process left is sent, and a fault is said before there is a request.
    if (place.kind === "shared") this.#flushLater(this.#times.flushMs);
  }

  add(
    request: RecordedRequest,
    bodies: readonly KeptBody[],
    secrets: readonly string[] = [],
    charges: readonly SpendingCharge[] = [],
  ): void {
    if (this.#isClosing) {
      this.#notes.noteLost("request", 1, "The proxy was ending.");
      return;
    }
    const lost = this.#backlog.add(selectKept(this.#options.bodies, request, bodies, secrets, charges));
    if (lost !== null) this.#notes.noteLost(lost, 1);
    if (this.#backlog.isBatchFull) this.#flush();
    else this.#flushLater(this.#times.flushMs);
  }

  addSecrets(secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
    this.#thread?.addSecrets(secrets);
  }

  reader(): RecordReader {
    this.#reader ??= this.#options.openReader();
    return this.#reader;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#flush();
    const longest = setTimeout(this.#ended.resolve, this.#times.closeMs);
    await this.#ended.promise;
    clearTimeout(longest);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#thread?.end();
    this.#thread = null;
    const unwritten = this.#backlog.length + (this.#spool?.inMemory ?? 0);
    this.#notes.noteLost("request", unwritten, "The proxy ended before they could be written.");
    this.#notes.close();
    await this.#reader?.close();
  }

  #flushLater(delayMs: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#flush();
    }, delayMs);
    this.#timer.unref();
  }

  /** One batch at a time: what comes meanwhile waits here, where it is bounded. */
  #flush(): void {
    if (this.#backlog.batch !== null && this.#thread !== null) return;
    const batch = this.#backlog.batch ?? this.#backlog.takeBatch();
    if (batch === null) {
      if (this.#isClosing) this.#closeThread();
      else if (this.#thread === null && this.#options.place.kind === "shared") this.#startThread();
      return;
    }
    const thread = this.#thread ?? this.#startThread();
    thread?.write(batch);
  }

  #closeThread(): void {
    if (this.#thread === null) this.#ended.resolve();
    else this.#thread.close();
  }

  /** Null if it has to wait. */
  #startThread(): WriterThread | null {
    const { place, keepDays, maxMegabytes, threadUrl, mayStart = () => true } = this.#options;
    if (!mayStart()) {
      this.#notes.noteFault(
        "No descriptors are left for its thread. Raise the limit of open files (ulimit -n).",
      );
      this.#flushLater(this.#times.restartMs);
      return null;
    }
    const secrets = [...this.#secrets];
    const { retryMs, firstPruneMs, pruneEveryMs, sendMs, restMs, adoptEveryMs } = this.#times;
    const times = { retryMs, firstPruneMs, pruneEveryMs, sendMs, restMs, adoptEveryMs };
    this.#thread = startWriterThread({
      start: { kind: "start", place, keepDays, maxMegabytes, secrets, times },
      ...(threadUrl === undefined ? {} : { threadUrl }),
      onReport: (report) => this.#takeReport(report),
      onFailure: (reason) => this.#noteFailure(reason),
    });
    return this.#thread;
  }

  #takeReport(report: WriteReport): void {
    switch (report.kind) {
      case "written":
        // It is in the file, or only in the spool: then the spool says whether the database takes it.
        if (this.#spool === null) this.#notes.noteWritten();
        this.#notes.noteLost("request", report.refused, "It has values that the record does not take.");
        this.#finishBatch();
        return;
      case "fault":
        this.#notes.noteFault(report.fault);
        return;
      case "spool":
        this.#spool = report;
        if (report.fault === null) this.#notes.noteWritten();
        else this.#notes.noteFault(report.fault);
        return;
      case "lost":
        this.#notes.noteLost(report.what, report.count, report.why);
        return;
      case "warning":
        this.#options.warn(report.message, report.cause);
        return;
      case "closed":
        this.#ended.resolve();
    }
  }

  #finishBatch(): void {
    this.#failures = 0;
    this.#backlog.finishBatch();
    if (this.#backlog.isBatchFull || this.#isClosing) this.#flush();
    else if (this.#backlog.waiting > 0) this.#flushLater(this.#times.flushMs);
  }

  #noteFailure(reason: string): void {
    const { batch } = this.#backlog;
    this.#thread = null;
    this.#failures += 1;
    this.#notes.noteFault(`The thread that writes ${this.state.path} has failed: ${reason}.`);
    if (this.#failures >= mostFailures && batch !== null) {
      this.#notes.noteLost("request", batch.length);
      this.#failures = 0;
      this.#backlog.finishBatch();
    }
    this.#notes.noteLost("request", this.#spool?.inMemory ?? 0);
    this.#spool = null;
    if (this.#isClosing) this.#ended.resolve();
    else this.#flushLater(this.#times.restartMs);
  }

  #describeSpool(): SharedRecordState | null {
    if (this.#options.place.kind === "file") return null;
    return { spooled: this.#spool?.spooled ?? 0, awaySinceMs: this.#spool?.awaySinceMs ?? null };
  }
}
