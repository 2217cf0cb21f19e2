import { createParser } from "eventsource-parser";
import { explainDepth } from "../json/exceeds-depth.ts";
import { isJsonObject } from "../json/json-value.ts";
import { restoreLongNumbers } from "../json/long-numbers.ts";
import { parseJson } from "../json/parse-json.ts";
import { hasCallObject } from "../protocols/chat/answer/has-call-object.ts";
import { hasChoice, hasUsage } from "../protocols/chat/answer/no-answer.ts";
import { openEnvelope } from "../protocols/chat/answer/open-envelope.ts";
import { errorInside, upstreamErrorOfChunk } from "../protocols/chat/answer/upstream-error-of-chunk.ts";
import { type ChatChunk, isChatChunk } from "../protocols/chat/chat-response.ts";
import { createBareLineMarker } from "./bare-line-marker.ts";
import { createEventPieces, mostEventPieces } from "./event-pieces.ts";
import { createEventSeparator } from "./event-separator.ts";
import { isHeartbeat } from "./is-heartbeat.ts";
import { UpstreamError } from "./upstream-error.ts";

/** What an upstream's event stream holds. Nothing follows a `done` or a `failure`. */
export type DecodedItem =
  | {
      kind: "chunk";
      chunk: ChatChunk;
      /** Its event was of a megabyte or so: what is made of it takes its time. */
      isLong?: true;
    }
  | { kind: "done" }
  | { kind: "failure"; error: UpstreamError };

export interface SseDecoderOptions {
  /** Characters of one event's data; a longer event is a failure. Default 16 Mi. */
  maxEventLength?: number;
  /** Takes our key out of events that tell of an error. */
  redact?: (text: string) => string;
}

export interface SseDecoder {
  /**
   * The mark of the end has come, but no usage yet, which some gateways send behind it: `finish` gives the `done`, and
   * `push` nothing but such usage.
   */
  readonly awaitsUsage: boolean;
  /** The items that these bytes complete, in order: none, when they end no event or hold comments only. */
  push(bytes: Uint8Array): readonly DecodedItem[];
  /** The items that the end of the body completes. Call it once, after the last `push`. */
  finish(): readonly DecodedItem[];
}

const defaultMaxEventLength = 16 * 1024 * 1024;

/** Characters; all that is done with an event of them takes some milliseconds. */
const longEventLength = 512 * 1024;

/** The parser's buffer holds field names too; the exact limit on the data is ours. */
const parserSlack = 64;

/**
 * Creates a decoder for one answer (rule 4.2). It keeps what a read cut off: an event, a line or a character.
 * Invalid UTF-8 becomes U+FFFD, as in every browser; a body that ends inside a character is a failure.
 * An `error` member of a chunk is not judged here: text of the same chunk has to be delivered first.
 */
export function createSseDecoder(options: SseDecoderOptions = {}): SseDecoder {
  const { maxEventLength = defaultMaxEventLength, redact = (text) => text } = options;
  const utf8 = new TextDecoder();
  const separator = createEventSeparator();
  const markBareLines = createBareLineMarker();
  let items: DecodedItem[] = [];
  let isOver = false;
  let hasSeenUsage = false;
  let awaitsUsage = false;
  let isAtEnd = false;
  const pieces = createEventPieces();
  let hasEnded = false;

  const add = (item: DecodedItem | null): void => {
    if (item === null || isOver) return;
    if (awaitsUsage) {
      if (item.kind === "chunk" && hasUsage(item.chunk)) endWith(usageOf(item.chunk));
      return;
    }
    if (item.kind === "chunk") hasSeenUsage ||= hasUsage(item.chunk);
    else if (item.kind === "done" && !hasSeenUsage) {
      awaitsUsage = true;
      return;
    } else isOver = true;
    items.push(item);
  };
  const endWith = (...last: DecodedItem[]): void => {
    awaitsUsage = false;
    isOver = true;
    items.push(...last, { kind: "done" });
  };
  const fail = (message: string): void => add({ kind: "failure", error: malformed(message) });
  const tooLong = `The upstream sent an event of more than ${maxEventLength} characters`;
  const tooManyPieces = `The upstream sent an event of more than ${mostEventPieces} lines and reads`;
  const parser = createParser({
    maxBufferSize: maxEventLength + parserSlack,
    onEvent: ({ event, data }) => {
      hasEnded = true;
      if (isOver) return;
      if (data.length > maxEventLength) return fail(tooLong);
      const text = data.trim();
      if (text.includes("\n")) for (const part of partsOf(text)) take(event, part);
      else take(event, text);
    },
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") fail(tooLong);
    },
  });
  const take = (event: string | undefined, data: string): void => {
    if (isAtEnd && !isWhole(data)) fail("The upstream ended the stream inside an event");
    else add(markLong(decodeEvent(event, data, redact), data));
  };
  const feed = (text: string): readonly DecodedItem[] => {
    hasEnded = false;
    if (!isOver) parser.feed(text);
    if (hasEnded) pieces.end();
    else if (!pieces.add(text)) fail(tooManyPieces);
    return handOut();
  };
  const handOut = (): readonly DecodedItem[] => {
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

/** What stands behind the end is no answer any more, but what it took. */
function usageOf({ usage, x_groq }: ChatChunk): DecodedItem {
  return { kind: "chunk", chunk: { choices: [], usage, x_groq } };
}

/** The data of an event of many lines; that of several where each line of it is whole and all together are nothing. */
function partsOf(text: string): string[] {
  if (parseJson(text) !== undefined) return [text];
  const lines = text.split("\n").map((line) => line.trim());
  return lines.every((line) => isWhole(line)) ? lines : [text];
}

function decodeEvent(
  event: string | undefined,
  data: string,
  redact: (text: string) => string,
): DecodedItem | null {
  if (data === "[DONE]") return { kind: "done" };
  if (data === "" || data === "null") return null;
  const value = parseJson(data);
  if (event !== "error" && isPlainChunk(value)) return { kind: "chunk", chunk: value };
  // LM Studio announces a failure by `event: error`, with `{error, message}`.
  if (event === "error") {
    const text = redact(data);
    const body = parseJson(text);
    return { kind: "failure", error: errorInside(isJsonObject(body) ? body : text) };
  }
  const chunk = chunkOf(value, data);
  if (!isChatChunk(chunk)) {
    if (isHeartbeat(data)) return null;
    const fault = explainDepth(data, "is not a JSON object");
    return {
      kind: "failure",
      error: malformed(`The upstream sent an event that ${fault}: ${excerpt(redact(data))}`),
    };
  }
  if (hasChoice(chunk) && upstreamErrorOfChunk(chunk) === null) return { kind: "chunk", chunk };
  const redacted = redact(data);
  return redacted === data ? { kind: "chunk", chunk } : decodeEvent(event, redacted, redact);
}

/** True for nearly all chunks: they have one choice, without a call, and nothing tells of an error. */
function isPlainChunk(value: unknown): value is ChatChunk {
  if (!isJsonObject(value) || value["error"] != null) return false;
  const { choices } = value;
  if (!Array.isArray(choices) || choices.length !== 1) return false;
  const [choice]: unknown[] = choices;
  if (!isJsonObject(choice) || choice["error"] != null) return false;
  const { delta } = choice;
  return isJsonObject(delta) && delta["tool_calls"] == null && delta["function_call"] == null;
}

/** The chunk of an event; arguments of a call that are no text keep their long numbers as `data` has them. */
function chunkOf(value: unknown, data: string): unknown {
  const chunk = openWrapping(value);
  return hasCallObject(chunk) ? openWrapping(restoreLongNumbers(value, data)) : chunk;
}

/** Gemini wraps an error object in an array. */
function openWrapping(value: unknown): unknown {
  return openEnvelope(Array.isArray(value) ? value[0] : value);
}

function markLong(item: DecodedItem | null, data: string): DecodedItem | null {
  if (data.length > longEventLength && item?.kind === "chunk") item.isLong = true;
  return item;
}

/** True for data that an event may end with: JSON, the mark of the end, or a sign of life. */
function isWhole(text: string): boolean {
  return text === "[DONE]" || isHeartbeat(text) || parseJson(text) !== undefined;
}

function malformed(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}

const excerptLength = 200;

function excerpt(text: string): string {
  return text.length <= excerptLength ? text : `${text.slice(0, excerptLength - 1)}…`;
}
