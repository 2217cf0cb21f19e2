import { createParser } from "eventsource-parser";
import { parseJson } from "../json/parse-json.ts";
import type { AnswerDecoder, DecodedItem, Redactor } from "./answer-decoder.ts";
import { createBareLineMarker } from "./bare-line-marker.ts";
import { createEventPieces, mostEventPieces } from "./event-pieces.ts";
import { createEventSeparator } from "./event-separator.ts";
import { malformedAnswer } from "./malformed-answer.ts";

export interface SseDecoderOptions<Item> {
  /** What the wire's events mean. */
  decoder: AnswerDecoder<Item>;
  /** Characters of one event's data; a longer event is a failure. Default 16 Mi. */
  maxEventLength?: number;
  /** Takes our key out of events that tell of an error. */
  redact?: Redactor;
}

export interface SseDecoder<Item> {
  /**
   * The mark of the end has come, but no usage yet, which some gateways send behind it: `finish` gives the `done`, and
   * `push` nothing but such usage.
   */
  readonly awaitsUsage: boolean;
  /** The items that these bytes complete, in order: none, when they end no event or hold comments only. */
  push(bytes: Uint8Array): readonly DecodedItem<Item>[];
  /** The items that the end of the body completes. Call it once, after the last `push`. */
  finish(): readonly DecodedItem<Item>[];
}

const defaultMaxEventLength = 16 * 1024 * 1024;

/** Characters; all that is done with an event of them takes some milliseconds. */
const longEventLength = 512 * 1024;

/** The parser's buffer holds field names too; the exact limit on the data is ours. */
const parserSlack = 64;

/**
 * Creates a decoder for one answer (rule 4.2). It keeps what a read cut off: an event, a line or a character.
 * Invalid UTF-8 becomes U+FFFD, as in every browser; a body that ends inside a character is a failure.
 */
export function createSseDecoder<Item>(options: SseDecoderOptions<Item>): SseDecoder<Item> {
  const { decoder, maxEventLength = defaultMaxEventLength, redact = (text) => text } = options;
  const utf8 = new TextDecoder();
  const separator = createEventSeparator();
  const markBareLines = createBareLineMarker();
  let items: DecodedItem<Item>[] = [];
  let isOver = false;
  let hasSeenUsage = false;
  let awaitsUsage = false;
  let isAtEnd = false;
  const pieces = createEventPieces();
  let hasEnded = false;

  const add = (item: DecodedItem<Item> | null): void => {
    if (item === null || isOver) return;
    if (awaitsUsage) {
      if (item.kind === "item" && decoder.hasUsage(item.item)) {
        endWith({ kind: "item", item: decoder.keepUsage(item.item) });
      }
      return;
    }
    if (item.kind === "item") hasSeenUsage ||= decoder.hasUsage(item.item);
    else if (item.kind === "done" && !hasSeenUsage) {
      awaitsUsage = true;
      return;
    } else isOver = true;
    items.push(item);
  };
  const endWith = (...last: DecodedItem<Item>[]): void => {
    awaitsUsage = false;
    isOver = true;
    items.push(...last, { kind: "done" });
  };
  const fail = (message: string): void => add({ kind: "failure", error: malformedAnswer(message) });
  const tooLong = `The upstream sent an event of more than ${maxEventLength} characters`;
  const tooManyPieces = `The upstream sent an event of more than ${mostEventPieces} lines and reads`;
  const parser = createParser({
    maxBufferSize: maxEventLength + parserSlack,
    onEvent: ({ event, data }) => {
      hasEnded = true;
      if (isOver) return;
      // guard: longest event
      if (data.length > maxEventLength) return fail(tooLong);
      const text = data.trim();
      if (text.includes("\n")) for (const part of partsOf(text, decoder)) take(event, part);
      else take(event, text);
    },
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") fail(tooLong);
    },
  });
  const take = (event: string | undefined, data: string): void => {
    if (isAtEnd && !decoder.isWhole(data)) fail("The upstream ended the stream inside an event");
    else add(markLong(decoder.decodeEvent(event, data, redact), data));
  };
  const feed = (text: string): readonly DecodedItem<Item>[] => {
    hasEnded = false;
    if (!isOver) parser.feed(text);
    if (hasEnded) pieces.end();
    else if (!pieces.add(text)) fail(tooManyPieces);
    return handOut();
  };
  const handOut = (): readonly DecodedItem<Item>[] => {
    const made = items;
    items = [];
    return made;
  };

  return {
    get awaitsUsage() {
      return awaitsUsage;
    },
    push: (bytes) => feed(markBareLines(separator.push(utf8.decode(bytes, { stream: true })))),
    finish() {
      if (utf8.decode() !== "") fail("The upstream ended the stream inside a character");
      isAtEnd = true;
      // The standard drops an event that no blank line ends; some servers end their last one so.
      const last = feed(`${markBareLines(separator.finish())}\n\n`);
      if (!awaitsUsage) return last;
      endWith();
      return [...last, ...handOut()];
    },
  };
}

/** The data of an event of many lines; that of several where each line of it is whole and all together are nothing. */
function partsOf(text: string, { isWhole }: Pick<AnswerDecoder<unknown>, "isWhole">): string[] {
  if (parseJson(text) !== undefined) return [text];
  const lines = text.split("\n").map((line) => line.trim());
  return lines.every((line) => isWhole(line)) ? lines : [text];
}

function markLong<Item>(item: DecodedItem<Item> | null, data: string): DecodedItem<Item> | null {
  if (data.length > longEventLength && item?.kind === "item") item.isLong = true;
  return item;
}
