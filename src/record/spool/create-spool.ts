import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type AdoptedSpool, adoptSpools, spoolEnding } from "./adopt-spools.ts";
import { createMemoryQueue } from "./memory-queue.ts";
import type { BatchLimits, RowQueue } from "./row-queue.ts";
import { createNewSpoolFile } from "./spool-file.ts";
import { countRowBytes, type SpooledRow, withoutBodies } from "./spooled-row.ts";

export interface SpoolOptions {
  /** Absolute path of the folder of its files. */
  readonly folder: string;
  /** What may wait. Beyond it bodies are left out first, then whole requests. */
  readonly maxBytes: number;
  warn(message: string, cause: unknown): void;
}

/** How many could not be taken: requests, or only their messages. */
export interface SpoolLosses {
  readonly requests: number;
  readonly bodies: number;
}

/** What waits for the shared database, on the disk as long as that takes it. */
export interface Spool {
  /** Requests that wait. */
  readonly count: number;
  /** Those of them that a kill would lose. */
  readonly inMemory: number;
  /** Takes rows over: what a kill would leave of them is on the disk now. Never throws. */
  add(rows: readonly SpooledRow[]): SpoolLosses;
  /** The oldest rows; null if none wait, or they cannot be read. */
  read(limits: BatchLimits): readonly SpooledRow[] | null;
  /** So many of those that were read last are not needed any more. */
  forget(count: number): void;
  /** Looks for files of processes that have ended. */
  adopt(): void;
  /** Leaves on the disk what still waits there. */
  close(): void;
}

/** The rest is for requests without their messages. */
const shareOfBodies = 0.8;
const mostMemoryBytes = 64_000_000;
const mostFiles = 4;

/** Creates the spool. Its file is made when there is something to write. */
export function createSpool(options: SpoolOptions): Spool {
  return new DiskSpool(options);
}

class DiskSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #memory = createMemoryQueue();
  readonly #warned = new Set<string>();
  #adopted: readonly AdoptedSpool[] = [];
  #own: AdoptedSpool | null = null;
  /** What was read last. */
  #reading: RowQueue | null = null;
  #isDiskBad = false;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#queues().reduce((total, { count }) => total + count, 0);
  }

  get inMemory(): number {
    return this.#memory.count;
  }

  add(rows: readonly SpooledRow[]): SpoolLosses {
    const usedBytes = this.#queues().reduce((total, { bytes }) => total + bytes, 0);
    const { rows: fitting, losses } = selectFitting(rows, usedBytes, this.#options.maxBytes);
    if (fitting.length === 0) return losses;
    try {
      this.#openOwn().append(fitting);
      this.#isDiskBad = false;
      return losses;
    } catch (error) {
      this.#noteBadDisk(error);
      const { requests, bodies } = this.#addToMemory(fitting);
      return { requests: losses.requests + requests, bodies: losses.bodies + bodies };
    }
  }

  read(limits: BatchLimits): readonly SpooledRow[] | null {
    for (const queue of this.#queues()) {
      if (queue.count === 0) continue;
      try {
        this.#reading = queue;
        return queue.read(limits);
      } catch (error) {
        const { folder } = this.#options;
        this.#warnOnce(
          `Requests that wait in ${folder} cannot be read; they are left for the next start.`,
          error,
        );
        this.#letGo(queue);
      }
    }
    return null;
  }

  forget(count: number): void {
    const queue = this.#reading;
    if (queue === null) return;
    queue.forget(count);
    if (queue.count === 0 && this.#adopted.some((file) => file.queue === queue)) this.#letGo(queue);
  }

  adopt(): void {
    const { folder } = this.#options;
    const own = this.#own === null ? this.#adopted : [...this.#adopted, this.#own];
    const found = adoptSpools({
      folder,
      ownNames: new Set(own.map(({ name }) => name)),
      most: mostFiles - this.#adopted.length,
      warn: (message, cause) => this.#warnOnce(message, cause),
    });
    this.#adopted = [...this.#adopted, ...found];
    for (const { queue } of found) if (queue.count === 0) this.#letGo(queue);
  }

  close(): void {
    for (const queue of this.#queues()) this.#letGo(queue);
  }

  /** In the order in which they are sent. */
  #queues(): readonly RowQueue[] {
    const files = this.#own === null ? this.#adopted : [...this.#adopted, this.#own];
    return [...files.map(({ queue }) => queue), this.#memory];
  }

  #openOwn(): RowQueue {
    if (this.#own === null) {
      const name = `${Date.now()}-${process.pid}-${randomUUID().slice(0, 8)}${spoolEnding}`;
      this.#own = { name, queue: createNewSpoolFile(join(this.#options.folder, name)) };
    }
    return this.#own.queue;
  }

  #addToMemory(rows: readonly SpooledRow[]): SpoolLosses {
    const maxBytes = Math.min(mostMemoryBytes, this.#options.maxBytes);
    const { rows: fitting, losses } = selectFitting(rows, this.#memory.bytes, maxBytes);
    this.#memory.append(fitting);
    return losses;
  }

  /** A file that cannot be read, or has nothing more to read, is let go: what is in it is found by the next start. */
  #letGo(queue: RowQueue): void {
    this.#adopted = this.#adopted.filter((file) => file.queue !== queue);
    if (this.#own?.queue === queue) this.#own = null;
    try {
      queue.close();
    } catch (error) {
      this.#warnOnce(`A file in ${this.#options.folder} cannot be closed.`, error);
    }
  }

  #noteBadDisk(error: unknown): void {
    const { folder, warn } = this.#options;
    if (!this.#isDiskBad) {
      warn(
        `Requests cannot be kept in ${folder} until the shared record has them; they wait in memory.`,
        error,
      );
    }
    this.#isDiskBad = true;
  }

  #warnOnce(message: string, cause: unknown): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#options.warn(message, cause);
  }
}

function selectFitting(rows: readonly SpooledRow[], usedBytes: number, maxBytes: number) {
  const fitting: SpooledRow[] = [];
  const losses = { requests: 0, bodies: 0 };
  let bytes = usedBytes;
  for (const row of rows) {
    const isTooMuch = row.content !== null && bytes + countRowBytes(row) > maxBytes * shareOfBodies;
    const kept = isTooMuch ? withoutBodies(row) : row;
    const size = countRowBytes(kept);
    if (bytes + size > maxBytes) {
      losses.requests += 1;
      continue;
    }
    if (isTooMuch) losses.bodies += 1;
    fitting.push(kept);
    bytes += size;
  }
  return { rows: fitting, losses };
}
