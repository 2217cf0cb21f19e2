import type { RecordedRequest } from "../recorded-request.ts";
import type { EntryMessages, WriteBatch, WriteEntry } from "./write-order.ts";

/** Packs entries for the way to the other thread: as objects they would cost four times as much. */
export function packEntries(entries: readonly WriteEntry[]): WriteBatch {
  const messages = new Map<number, EntryMessages>();
  for (const [index, { bodies, sent, secrets }] of entries.entries()) {
    if (bodies.length > 0 || sent !== null || secrets.length > 0)
      messages.set(index, { bodies, sent, secrets });
  }
  return { kind: "batch", requests: JSON.stringify(entries.map(({ request }) => request)), messages };
}

/** The entries as they were packed. */
export function unpackEntries({ requests, messages }: WriteBatch): WriteEntry[] {
  const unpacked: RecordedRequest[] = JSON.parse(requests);
  return unpacked.map((request, index) => ({
    request,
    ...(messages.get(index) ?? { bodies: [], sent: null, secrets: [] }),
  }));
}
