/** A request as the shared database is sent it: cleaned and packed once, however often it is sent. */
export interface SpooledRow {
  readonly id: string;
  /** When it arrived: milliseconds since 1970. */
  readonly time: number;
  /** Its columns, those that are null left out: a JSON object. */
  readonly request: string;
  /** The columns of its messages: a JSON list of objects, each with the `size` of its content; empty without any. */
  readonly bodies: string;
  /** The contents of its messages, one behind the other; null without any. */
  readonly content: Uint8Array | null;
  /** What it adds to counters: a JSON list; empty if nothing. */
  readonly charges: string;
}

/** About what it takes beside its texts and its content. */
const rowBytes = 100;

/** About what a row takes on the disk. */
export function countRowBytes({ request, bodies, content, charges }: SpooledRow): number {
  return rowBytes + request.length + bodies.length + charges.length + (content?.length ?? 0);
}

/** The row without its messages. */
export function withoutBodies(row: SpooledRow): SpooledRow {
  return { ...row, bodies: "", content: null };
}
