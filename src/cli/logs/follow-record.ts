import type { RecordFilter } from "../../record/record-filter.ts";
import { RecordReadError } from "../../record/record-read-error.ts";
import type { ListedRequest, RecordReader } from "../../record/record-reader.ts";

const pollMs = 300;

/** No more are read at once. */
const mostRows = 1000;

export interface Following {
  readonly filter: RecordFilter;
  /** Only requests that were written after this number. */
  readonly afterSeq: number;
  readonly show: (request: ListedRequest) => void;
  /** Told of each fault of the file once; it may pass, as a lock does. */
  readonly warn: (message: string) => void;
}

/** Shows new requests as they are written, until the user interrupts it; never throws for a fault of the file. */
export async function followRecord(reader: RecordReader, following: Following): Promise<void> {
  const { filter, show, warn } = following;
  const stopped = Promise.withResolvers<"stopped">();
  const stop = () => stopped.resolve("stopped");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  let { afterSeq } = following;
  let lastFault = "";
  do {
    try {
      const requests = await reader.list({ filter, limit: mostRows, before: null, afterSeq });
      for (const request of requests) show(request);
      afterSeq = requests.at(-1)?.seq ?? afterSeq;
      lastFault = "";
    } catch (error) {
      if (!(error instanceof RecordReadError)) throw error;
      if (error.message !== lastFault) warn(error.message);
      lastFault = error.message;
    }
  } while ((await Promise.race([stopped.promise, Bun.sleep(pollMs)])) !== "stopped");
}
