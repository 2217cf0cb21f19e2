/** Says what is wrong with the record, but not for every request. */
export interface LossNotes {
  /** Requests, or their bodies, that could not be written since the start. */
  readonly lost: number;
  /** Why the last of them could not; null while all is well. */
  readonly fault: string | null;
  /** So many requests, or their bodies, are lost: because of the fault, or because they came too fast, if nothing is said. */
  noteLost(what: "request" | "bodies", count: number, why?: string): void;
  /** Nothing can be written for now. */
  noteFault(fault: string): void;
  /** Writing works again. */
  noteWritten(): void;
  /** Says what is not said yet. */
  close(): void;
}

export interface LossNotesOptions {
  /** At most once in so many milliseconds. */
  readonly everyMs: number;
  readonly warn: (message: string, cause: unknown) => void;
  /** What becomes of requests while there is a fault, in a sentence. */
  readonly meanwhile: string;
}

const tooFast = "They came faster than they can be written.";

/** Creates notes of what was lost: nothing yet. */
export function createLossNotes({ everyMs, warn, meanwhile }: LossNotesOptions): LossNotes {
  let lost = 0;
  let fault: string | null = null;
  const unsaid = { request: 0, bodies: 0, isFault: false };
  let reason = tooFast;
  let timer: Timer | null = null;

  const say = (): void => {
    const parts = [];
    if (unsaid.request > 0)
      parts.push(`${nameRequests(unsaid.request)} ${unsaid.request === 1 ? "was" : "were"} not recorded.`);
    if (unsaid.bodies > 0) parts.push(`The messages of ${nameRequests(unsaid.bodies)} were not recorded.`);
    if (parts.length === 0) {
      // The fault is over by now.
      if (!unsaid.isFault || fault === null) return;
      parts.push(meanwhile);
    }
    Object.assign(unsaid, { request: 0, bodies: 0, isFault: false });
    warn(parts.join(" "), fault ?? reason);
    timer = setTimeout(() => {
      timer = null;
      say();
    }, everyMs);
    timer.unref();
  };
  const sayInTime = (): void => {
    if (timer === null) say();
  };

  return {
    get lost() {
      return lost;
    },
    get fault() {
      return fault;
    },
    noteLost(what, count, why = tooFast) {
      if (count === 0) return;
      reason = why;
      lost += count;
      unsaid[what] += count;
      sayInTime();
    },
    noteFault(text) {
      unsaid.isFault ||= text !== fault;
      fault = text;
      sayInTime();
    },
    noteWritten() {
      fault = null;
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (unsaid.request + unsaid.bodies > 0) say();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function nameRequests(count: number): string {
  return count === 1 ? "1 request" : `${count} requests`;
}
