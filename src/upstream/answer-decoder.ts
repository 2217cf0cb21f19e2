import type { UpstreamError } from "./upstream-error.ts";

/** What an upstream's event stream holds. Nothing follows a `done` or a `failure`. */
export type DecodedItem<Item> =
  | {
      kind: "item";
      item: Item;
      /** Its event was of a megabyte or so: what is made of it takes its time. */
      isLong?: true;
    }
  | { kind: "done" }
  | { kind: "failure"; error: UpstreamError };

/** Takes our key out of a text that reports an error. */
export type Redactor = (text: string) => string;

/** How one wire reads the answers of its upstreams. Without state: the framing and the limits are the transport's. */
export interface AnswerDecoder<Item> {
  /** What an answer is called in the error of an upstream that sent something else, e.g. `chat completion`. */
  readonly answerName: string;
  /** Decodes the data of one event; null for one that says nothing. Never throws. */
  decodeEvent(event: string | undefined, data: string, redact: Redactor): DecodedItem<Item> | null;
  /** True for the data of a whole event: one that the end of the body cuts off is none. */
  isWhole(data: string): boolean;
  /** Whether an item reports what the answer took. */
  hasUsage(item: Item): boolean;
  /** What is left of an item that stands behind the mark of the end: its usage. */
  keepUsage(item: Item): Item;
  /** Parses a whole answer. Throws UpstreamError: `http` for an error in a success, `malformed` for what is no answer. */
  parseWhole(text: string, redact: Redactor): Item;
}
