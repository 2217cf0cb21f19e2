import { packEntries } from "./writing/pack-entries.ts";
import type { WriteEntry, WriteOrder, WriteReport, WriteStart } from "./writing/write-order.ts";

/** A start takes 5 ms; an overloaded machine is not waited for any longer. */
const longestStartMs = 250;

/** The thread that writes, seen from the serving one. */
export interface WriterThread {
  write(entries: readonly WriteEntry[]): void;
  addSecrets(secrets: readonly string[]): void;
  /** Asks it to close the file, which it reports. */
  close(): void;
  /** Ends it at once. */
  end(): void;
}

export interface WriterThreadOptions {
  readonly start: WriteStart;
  /** The thread's program; tests pass one that fails. */
  readonly threadUrl?: URL;
  onReport(report: WriteReport): void;
  /** It has ended by itself, which it never should. Called once. */
  onFailure(reason: string): void;
}

/** Starts the thread. What is given to it before it runs is kept for it. */
export function startWriterThread({
  start,
  threadUrl = new URL("./write-worker.ts", import.meta.url),
  onReport,
  onFailure,
}: WriterThreadOptions): WriterThread {
  // It has few objects at a time, and a proxy that waits should be small.
  const thread = new Worker(threadUrl, { smol: true });
  let isOver = false;
  const fail = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    thread.terminate();
    onFailure(reason);
  };
  thread.onmessage = ({ data }: MessageEvent<WriteReport>) => onReport(data);
  thread.onerror = (event) => fail(reasonOf(event));
  thread.addEventListener("close", () => fail("its thread ended"));
  waitForThread(thread);
  thread.postMessage(start);
  const post = (order: WriteOrder) => thread.postMessage(order);
  // The program may end at any time.
  thread.unref();
  return {
    write: (entries) => post(packEntries(entries)),
    addSecrets: (secrets) => post({ kind: "secrets", secrets }),
    close: () => post({ kind: "close" }),
    end() {
      isOver = true;
      thread.terminate();
    },
  };
}

/**
 * Blocks until the thread has opened its first descriptors. Meanwhile this thread accepts no connections: a crowd of
 * them could take the last descriptors, and then Bun would end the process.
 */
function waitForThread(thread: Worker): void {
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  thread.postMessage(flag.buffer);
  Atomics.wait(flag, 0, 0, longestStartMs);
}

/** The message of Bun's event includes the source around the error: a page of noise in a minified program. */
function reasonOf({ message }: ErrorEvent): string {
  return message.match(/^[A-Za-z]+: .+$/m)?.[0] ?? message;
}
