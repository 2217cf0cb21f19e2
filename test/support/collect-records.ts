import type { RequestRecord } from "../../src/logging/request-record.ts";

/** The records of a server in a test, in the order in which the answers ended. */
export function collectRecords() {
  const records: RequestRecord[] = [];
  const waiting: { index: number; resolve: (record: RequestRecord) => void }[] = [];
  return {
    records,
    add(record: RequestRecord): void {
      records.push(record);
      for (const { index, resolve } of waiting) if (records.length === index + 1) resolve(record);
    },
    /** The record with this index, as soon as it is written. */
    record(index: number): Promise<RequestRecord> {
      const present = records[index];
      if (present !== undefined) return Promise.resolve(present);
      return new Promise((resolve) => waiting.push({ index, resolve }));
    },
  };
}
