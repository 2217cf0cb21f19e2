/** One thing that passed on a wire, in the words and the order of that wire. */
export interface WireEntry {
  direction: "request" | "answer";
  /** `POST /v1/messages`, or what an event or chunk is about. */
  title: string;
  value: string;
  /** The members of a request, one a row. */
  fields: readonly WireField[];
}

export interface WireField {
  name: string;
  value: string;
}

/** A value as it stands on the wire, on one line; "" for what has no JSON. */
export function inJson(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
