import { createParser, type EventSourceMessage, type EventSourceParser } from "eventsource-parser";
import { parseJson } from "../json/parse-json.ts";
import type { AnswerDecoder, DecodedItem, Redactor } from "./answer-decoder.ts";
import { AnswerItems } from "./answer-items.ts";
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
  return new EventDecoder(options);
}

class EventDecoder<Item> implements SseDecoder<Item> {
  readonly #decoder: AnswerDecoder<Item>;
  readonly #maxEventLength: number;
  readonly #redact: Redactor;
  readonly #utf8 = new TextDecoder();
  readonly #separator = createEventSeparator();
  readonly #markBareLines = createBareLineMarker();
  readonly #parser: EventSourceParser;
  readonly #pieces = createEventPieces();
  readonly #items: AnswerItems<Item>;
  /** An event has ended in what is being fed. */
  #hasEnded = false;
  #isAtEnd = false;

  constructor({
    decoder,
    maxEventLength = defaultMaxEventLength,
    redact = (text) => text,
  }: SseDecoderOptions<Item>) {
    this.#decoder = decoder;
    this.#maxEventLength = maxEventLength;
    this.#redact = redact;
    this.#items = new AnswerItems(decoder);
    this.#parser = createParser({
      maxBufferSize: maxEventLength + parserSlack,
      onEvent: (event) => this.#onEvent(event),
      onError: ({ type }) => {
        if (type === "max-buffer-size-exceeded") this.#failTooLong();
      },
    });
  }

  get awaitsUsage(): boolean {
    return this.#items.awaitsUsage;
  }

  push(bytes: Uint8Array): readonly DecodedItem<Item>[] {
    return this.#feed(this.#markBareLines(this.#separator.push(this.#utf8.decode(bytes, { stream: true }))));
  }

  finish(): readonly DecodedItem<Item>[] {
    if (this.#utf8.decode() !== "") this.#fail("The upstream ended the stream inside a character");
    this.#isAtEnd = true;
    // The standard drops an event that no blank line ends; some servers end their last one so.
    const last = this.#feed(`${this.#markBareLines(this.#separator.finish())}\n\n`);
    if (!this.#items.awaitsUsage) return last;
    this.#items.end();
    return [...last, ...this.#items.takeAll()];
  }

  #feed(text: string): readonly DecodedItem<Item>[] {
    this.#hasEnded = false;
    if (!this.#items.isOver) this.#parser.feed(text);
    if (this.#hasEnded) this.#pieces.end();
    else if (!this.#pieces.add(text)) {
      this.#fail(`The upstream sent an event of more than ${mostEventPieces} lines and reads`);
    }
    return this.#items.takeAll();
  }

  #onEvent({ event, data }: EventSourceMessage): void {
    this.#hasEnded = true;
    if (this.#items.isOver) return;
    // guard: longest event
    if (data.length > this.#maxEventLength) {
      this.#failTooLong();
      return;
    }
    const text = data.trim();
    if (text.includes("\n")) for (const part of partsOf(text, this.#decoder)) this.#take(event, part);
    else this.#take(event, text);
  }

  #take(event: string | undefined, data: string): void {
    if (this.#isAtEnd && !this.#decoder.isWhole(data)) {
      this.#fail("The upstream ended the stream inside an event");
    } else this.#items.add(markLong(this.#decoder.decodeEvent(event, data, this.#redact), data));
  }

  #failTooLong(): void {
    this.#fail(`The upstream sent an event of more than ${this.#maxEventLength} characters`);
  }

  #fail(message: string): void {
    this.#items.add({ kind: "failure", error: malformedAnswer(message) });
  }
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
