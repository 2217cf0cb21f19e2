import type { KeptBody } from "./bodies/body-keeper.ts";
import type { RecordReader } from "./record-reader.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { Recorder, RecorderState } from "./recorder.ts";
import { startWriterThread, type WriterThread } from "./writer-thread.ts";
import { createBacklog } from "./writing/backlog.ts";
import { createLossNotes, type LossNotes } from "./writing/loss-notes.ts";
import { type BodiesMode, selectKept } from "./writing/select-kept.ts";
import type { WriteReport, WriteTimes } from "./writing/write-order.ts";

/** In milliseconds. */
export interface RecorderTimes extends WriteTimes {
  /** What has come is given to the thread after this. */
  readonly flushMs: number;
  /** Losses are said at most once in this time. */
  readonly sayMs: number;
  /** How long the end waits for what is left to be written. */
  readonly closeMs: number;
  /** Before a thread that has ended by itself is started again. */
  readonly restartMs: number;
}

const usualTimes: RecorderTimes = {
  flushMs: 100,
  sayMs: 60_000,
  closeMs: 2_000,
  restartMs: 1_000,
  retryMs: 100,
  firstPruneMs: 10_000,
  pruneEveryMs: 10 * 60_000,
};

export interface RecorderOptions {
  /** Absolute path of the file. */
  readonly path: string;
  readonly bodies: BodiesMode;
  readonly keepDays: number;
  readonly maxMegabytes: number;
  /** Values that may appear in nothing that is written. */
  readonly secrets: readonly string[];
  /** Says, in a sentence, what the user must know. */
  readonly warn: (message: string, cause: unknown) => void;
  /** Opens the reader when it is first asked for. */
  readonly openReader: () => RecordReader;
  /** Asked before a thread is started: Bun ends the process if there is no descriptor for one. Default: it may. */
  readonly mayStart?: () => boolean;
  /** Shorter ones, for tests. */
  readonly times?: Partial<RecorderTimes>;
  /** The thread's program; tests pass one that fails. */
  readonly threadUrl?: URL;
}

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

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#times = { ...usualTimes, ...options.times };
    this.#secrets = new Set(options.secrets);
    const backlog = this.#backlog;
    const notes = createLossNotes({ everyMs: this.#times.sayMs, warn: options.warn });
    this.#notes = notes;
    this.state = {
      path: options.path,
      get backlog() {
        return backlog.length;
      },
      get lost() {
        return notes.lost;
      },
      get fault() {
        return notes.fault;
      },
    };
  }

  add(request: RecordedRequest, bodies: readonly KeptBody[], secrets: readonly string[] = []): void {
    if (this.#isClosing) {
      this.#notes.noteLost("request", 1, "The proxy was ending.");
      return;
    }
    const lost = this.#backlog.add(selectKept(this.#options.bodies, request, bodies, secrets));
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
    this.#notes.noteLost("request", this.#backlog.length, "The proxy ended before they could be written.");
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
    const { path, keepDays, maxMegabytes, threadUrl, mayStart = () => true } = this.#options;
    if (!mayStart()) {
      this.#notes.noteFault(
        "No descriptors are left for its thread. Raise the limit of open files (ulimit -n).",
      );
      this.#flushLater(this.#times.restartMs);
      return null;
    }
    const secrets = [...this.#secrets];
    const { retryMs, firstPruneMs, pruneEveryMs } = this.#times;
    const times = { retryMs, firstPruneMs, pruneEveryMs };
    this.#thread = startWriterThread({
      start: { kind: "start", path, keepDays, maxMegabytes, secrets, times },
      ...(threadUrl === undefined ? {} : { threadUrl }),
      onReport: (report) => this.#takeReport(report),
      onFailure: (reason) => this.#noteFailure(reason),
    });
    return this.#thread;
  }

  #takeReport(report: WriteReport): void {
    switch (report.kind) {
      case "written":
        this.#notes.noteWritten();
        this.#notes.noteLost("request", report.refused, "It has values that the record does not take.");
        this.#finishBatch();
        return;
      case "fault":
        this.#notes.noteFault(report.fault);
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
    this.#notes.noteFault(`The thread that writes ${this.#options.path} has failed: ${reason}.`);
    if (this.#failures >= mostFailures && batch !== null) {
      this.#notes.noteLost("request", batch.length);
      this.#failures = 0;
      this.#backlog.finishBatch();
    }
    if (this.#isClosing) this.#ended.resolve();
    else this.#flushLater(this.#times.restartMs);
  }
}
