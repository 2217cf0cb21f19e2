import { describePostgresFault } from "../../postgres/describe-postgres-fault.ts";
import { migrate } from "../../postgres/migrate.ts";
import type { Postgres } from "../../postgres/postgres.ts";
import { type PostgresError, toPostgresError } from "../../postgres/postgres-error.ts";
import { insertRequests } from "../postgres/insert-requests.ts";
import type { Spool } from "../spool/create-spool.ts";
import type { SpooledRow } from "../spool/spooled-row.ts";
import type { WriteTimes } from "./write-order.ts";

/** Sends what waits to the shared database, one batch after the other, and tries again until it has all of it. */
export interface SpoolSender {
  /** Why nothing is taken for now; null while all is well. */
  readonly fault: string | null;
  /** Since when: milliseconds since 1970. */
  readonly awaySinceMs: number | null;
  /** There may be something to send. */
  wake(): void;
  /** Sends what is left as long as the database takes it; one that was away is asked once more. */
  stop(): Promise<void>;
}

export interface SpoolSenderOptions {
  readonly postgres: Postgres;
  readonly spool: Spool;
  /** How users are told of the database. */
  readonly place: string;
  readonly times: Pick<WriteTimes, "retryMs" | "sendMs" | "restMs">;
  /** Something has been sent, or could not be. */
  noteChange(): void;
  /** So many are not taken, whatever happens. */
  noteRefused(count: number): void;
}

const mostOfBatch = { requests: 400, bytes: 8_000_000 };
const longestRetryMs = 2_000;
/** No such table, column, schema or database: they may have to be made anew. */
const missing = /^(?:42P01|42703|3F000|3D000)/;
/** One of two transactions that were in each other's way. */
const crossed = /^40/;

/** Creates the sender. It makes the tables with the first `wake`. */
export function createSpoolSender(options: SpoolSenderOptions): SpoolSender {
  return new Sender(options);
}

class Sender implements SpoolSender {
  fault: string | null = null;
  awaySinceMs: number | null = null;
  readonly #options: SpoolSenderOptions;
  #limits = mostOfBatch;
  #running: Promise<void> | null = null;
  #isPrepared = false;
  #isStopping = false;
  #failures = 0;
  #endPause: () => void = () => undefined;

  constructor(options: SpoolSenderOptions) {
    this.#options = options;
  }

  wake(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      // What came between the last look and now.
      if (this.#options.spool.count > 0 && !this.#isStopping) this.wake();
    });
  }

  async stop(): Promise<void> {
    if (this.#options.spool.count > 0) this.wake();
    this.#isStopping = true;
    this.#endPause();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { spool, times } = this.#options;
    for (;;) {
      try {
        await this.#prepare();
        const rows = spool.read(this.#limits);
        if (rows !== null) await this.#send(rows);
        this.#noteSuccess();
        if (rows === null) return;
        await this.#rest();
      } catch (error) {
        this.#noteFailure(toPostgresError(error));
        if (this.#isStopping) return;
        await this.#pause(Math.min(times.retryMs * 2 ** (this.#failures - 1), longestRetryMs));
      }
    }
  }

  async #prepare(): Promise<void> {
    if (!this.#isPrepared) await migrate(this.#options.postgres);
    this.#isPrepared = true;
  }

  /** A request that the database refuses for its own fault is found by halves, and does not hold up the others. */
  async #send(rows: readonly SpooledRow[]): Promise<void> {
    const { postgres, spool, times, noteRefused } = this.#options;
    try {
      await insertRequests(postgres.query, rows, { timeoutMs: times.sendMs });
      spool.forget(rows.length);
    } catch (error) {
      if (toPostgresError(error).kind !== "content") throw error;
      if (rows.length === 1) {
        spool.forget(1);
        noteRefused(1);
        return;
      }
      const half = rows.length >> 1;
      await this.#send(rows.slice(0, half));
      await this.#send(rows.slice(half));
    }
  }

  #noteSuccess(): void {
    this.#failures = 0;
    this.fault = null;
    this.awaySinceMs = null;
    this.#limits = scale(this.#limits, 2);
    this.#options.noteChange();
  }

  #noteFailure(error: PostgresError): void {
    const state = error.sqlState ?? "";
    this.#failures += 1;
    if (missing.test(state)) this.#isPrepared = false;
    // On a slow line fewer arrive in time.
    if (error.kind === "away") this.#limits = scale(this.#limits, 0.5);
    if (this.#failures === 1 && crossed.test(state)) return;
    this.fault = describePostgresFault(error, this.#options.place);
    this.awaySinceMs ??= Date.now();
    this.#options.noteChange();
  }

  /**
   * A way to the database and back takes this thread as much time as sixty requests. What comes soon goes together, as long
   * as that is not more than one batch takes.
   */
  async #rest(): Promise<void> {
    const { spool, times } = this.#options;
    const isMuch = spool.count >= this.#limits.requests;
    if (!isMuch && !this.#isStopping) await this.#pause(times.restMs);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function scale({ requests, bytes }: typeof mostOfBatch, factor: number): typeof mostOfBatch {
  return {
    requests: Math.max(1, Math.min(mostOfBatch.requests, Math.floor(requests * factor))),
    bytes: Math.max(1, Math.min(mostOfBatch.bytes, Math.floor(bytes * factor))),
  };
}
