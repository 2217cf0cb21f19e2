import type { UpstreamError } from "./upstream-error.ts";

/** An item of an upstream's event stream. Nothing follows a `done` or a `failure`. */
export type DecodedItem<Item> =
  | {
      kind: "item";
      item: Item;
      /** The event was about a megabyte or more, so processing its item takes time. */
      isLong?: true;
      /** Nothing follows: the wire has no other mark of its end. */
      isLast?: true;
    }
  | { kind: "done" }
  | { kind: "failure"; error: UpstreamError };

/** Takes our key out of a text that reports an error. */
export type Redactor = (text: string) => string;

/** Reads the answers of one wire. Stateless: the transport handles framing and limits. */
export interface AnswerDecoder<Item> {
  /** The name of an answer, for the error of an upstream that sent something else, e.g. `chat completion`. */
  readonly answerName: string;
  /** Decodes the data of one event; null if it says nothing. Never throws. */
  decodeEvent(event: string | undefined, data: string, redact: Redactor): DecodedItem<Item> | null;
  /** True for the data of a complete event, false if the end of the body cut it off. */
  isWhole(data: string): boolean;
  /** Whether an item reports usage. */
  hasUsage(item: Item): boolean;
  /** Reduces an item behind the end mark to its usage. */
  keepUsage(item: Item): Item;
  /**
   * Parses a whole answer. Throws UpstreamError: `http` for an error in a success, `malformed` for a body that is no
   * answer.
   */
  parseWhole(text: string, redact: Redactor): Item;
}
