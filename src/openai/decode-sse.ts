import { createParser } from "eventsource-parser";
import { isJsonObject } from "../json/json-value.ts";
import { createBareLineMarker } from "./bare-line-marker.ts";
import { type ChatChunk, isChatChunk } from "./chat-response.ts";
import { UpstreamError } from "./upstream-error.ts";
import { errorInside } from "./upstream-error-of-chunk.ts";

/** What an upstream's event stream holds. Nothing follows a `done` or a `failure`. */
export type DecodedItem =
  | { kind: "chunk"; chunk: ChatChunk }
  | { kind: "done" }
  | { kind: "failure"; error: UpstreamError };

export interface SseDecoderOptions {
  /** Characters of one event's data; a longer event is a failure. Default 16 Mi. */
  maxEventLength?: number;
}

export interface SseDecoder {
  /** The items that these bytes complete, in order: none, when they end no event or hold comments only. */
  push(bytes: Uint8Array): readonly DecodedItem[];
  /** The items that the end of the body completes. Call it once, after the last `push`. */
  finish(): readonly DecodedItem[];
}

const defaultMaxEventLength = 16 * 1024 * 1024;

/** The parser's buffer holds field names too; the exact limit on the data is ours. */
const parserSlack = 64;

/**
 * Creates a decoder for one answer (rule 4.2). It keeps what a read cut off: an event, a line or a character.
 * Invalid UTF-8 becomes U+FFFD, as in every browser; a body that ends inside a character is a failure.
 * An `error` member of a chunk is not judged here: text of the same chunk has to be delivered first.
 */
export function createSseDecoder(options: SseDecoderOptions = {}): SseDecoder {
  const maxEventLength = options.maxEventLength ?? defaultMaxEventLength;
  const utf8 = new TextDecoder();
  const markBareLines = createBareLineMarker();
  let items: DecodedItem[] = [];
  let isOver = false;
  let isLastEvent = false;

  const add = (item: DecodedItem | null): void => {
    if (item === null || isOver) return;
    isOver = item.kind !== "chunk";
    items.push(item);
  };
  const parser = createParser({
    maxBufferSize: maxEventLength + parserSlack,
    onEvent: ({ event, data }) => {
      if (isOver) return;
      add(data.length > maxEventLength ? tooLong(maxEventLength) : decodeEvent(event, data, isLastEvent));
    },
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") add(tooLong(maxEventLength));
    },
  });
  const feed = (text: string): readonly DecodedItem[] => {
    if (!isOver) parser.feed(text);
    const fed = items;
    items = [];
    return fed;
  };

  return {
    push: (bytes) => feed(markBareLines(utf8.decode(bytes, { stream: true }))),
    finish() {
      if (utf8.decode() !== "") {
        add(failure("The upstream's answer ended inside a character"));
      }
      isLastEvent = true;
      // The standard drops an event that no blank line ends; some servers end their last one so.
      return feed("\n\n");
    },
  };
}

function decodeEvent(event: string | undefined, data: string, isLastEvent: boolean): DecodedItem | null {
  const payload = data.trim();
  if (payload === "" || payload === "null") return null;
  if (payload === "[DONE]") return { kind: "done" };
  const value = parseJson(payload);
  // LM Studio announces a failure by `event: error`, with `{error, message}`.
  if (event === "error")
    return { kind: "failure", error: errorInside(isJsonObject(value) ? value : payload) };
  // Gemini wraps an error object in an array.
  const chunk: unknown = Array.isArray(value) ? value[0] : value;
  if (isChatChunk(chunk)) return { kind: "chunk", chunk };
  if (isLastEvent) return failure("The upstream ended the stream inside an event");
  return failure(`The upstream sent an event that is not a JSON object: ${excerpt(payload)}`);
}

/** Undefined for text that is not JSON, which no JSON text stands for. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tooLong(maxEventLength: number): DecodedItem {
  return failure(`The upstream sent an event of more than ${maxEventLength} characters`);
}

function failure(message: string): DecodedItem {
  return { kind: "failure", error: new UpstreamError("malformed", message, { phase: "body" }) };
}

const excerptLength = 200;

function excerpt(text: string): string {
  return text.length <= excerptLength ? text : `${text.slice(0, excerptLength - 1)}…`;
}
