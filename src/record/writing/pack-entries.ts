import type { RecordedRequest } from "../recorded-request.ts";
import type { EntryMessages, WriteBatch, WriteEntry } from "./write-order.ts";

/** What of the entries is text, in the order of the requests. */
interface PackedTexts {
  readonly requests: RecordedRequest[];
  /** Where the secrets of each stand in the batch. */
  readonly callers: number[];
  readonly charges: WriteEntry["charges"][];
}

const nothing: EntryMessages = { bodies: [], sent: null };

/** Packs entries for the way to the other thread: as objects they would cost four times as much. */
export function packEntries(entries: readonly WriteEntry[]): WriteBatch {
  const messages = new Map<number, EntryMessages>();
  const callers = new Map<readonly string[], number>();
  const texts: PackedTexts = { requests: [], callers: [], charges: [] };
  for (const [index, { request, bodies, sent, secrets, charges }] of entries.entries()) {
    if (bodies.length > 0 || sent !== null) messages.set(index, { bodies: bodies.map(toPlain), sent });
    const caller = callers.get(secrets) ?? callers.size;
    callers.set(secrets, caller);
    texts.requests.push(request);
    texts.callers.push(caller);
    texts.charges.push(charges);
  }
  return { kind: "batch", requests: JSON.stringify(texts), secrets: [...callers.keys()], messages };
}

/** Only a plain object gets to the other thread with all it has. */
function toPlain({ name, send, head, pieces, bytes, isCut }: WriteEntry["bodies"][number]) {
  return { name, send, head, pieces, bytes, isCut };
}

/** The entries as they were packed. */
export function unpackEntries({ requests, secrets, messages }: WriteBatch): WriteEntry[] {
  const texts: PackedTexts = JSON.parse(requests);
  return texts.requests.map((request, index) => ({
    request,
    secrets: secrets[texts.callers[index] ?? -1] ?? [],
    charges: texts.charges[index] ?? [],
    ...(messages.get(index) ?? nothing),
  }));
}
