import type { WriteOrder, WriteStart } from "./writing/write-order.ts";

/**
 * The thread that writes the record: an entry point of its own in the compiled program. It reports that it runs before
 * it loads anything: the serving thread waits for that message.
 */
declare const self: Worker;

const early: WriteOrder[] = [];

self.onmessage = ({ data }: MessageEvent<SharedArrayBuffer | WriteStart | WriteOrder>) => {
  if (data instanceof SharedArrayBuffer) sayThatItRuns(new Int32Array(data));
  else if (data.kind === "start") void run(data);
  else early.push(data);
};

function sayThatItRuns(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

async function run(data: WriteStart): Promise<void> {
  const { createRecordWriter } = await import("./writing/record-writer.ts");
  const take = await createRecordWriter(data, (report) => self.postMessage(report));
  for (const order of early) take(order);
  self.onmessage = ({ data: order }: MessageEvent<WriteOrder>) => take(order);
}
