import type { AnswerBody } from "./answer-body.ts";
import type { AnswerDecoder } from "./answer-decoder.ts";
import { type AnswerKind, classifyAnswer, isShortJson } from "./answer-kind.ts";
import type { AnswerOptions } from "./failed-answer.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { createItemSource, type ItemSource } from "./item-source.ts";
import { readWholeBody } from "./read-whole-body.ts";
import { strangeAnswer } from "./strange-answer.ts";

export type ReceivedAnswer<Item> =
  | { kind: "whole"; item: Item }
  | { kind: "events"; source: ItemSource<Item> };

/**
 * Finds out the form of a successful answer and returns it: a whole answer is read to its end, a stream is not begun.
 * Throws UpstreamError; `malformed` for a page or a text (rule 4.8).
 */
export async function receiveAnswer<Item>(
  { response, body }: FetchedAnswer,
  decoder: AnswerDecoder<Item>,
  { limits, host, redact }: AnswerOptions,
): Promise<ReceivedAnswer<Item>> {
  const contentType = response.headers.get("content-type") ?? "";
  const pieces: Uint8Array[] = [];
  if (isShortJson(response.headers, limits)) {
    const text = await body.readText();
    if (classifyAnswer(contentType, text, true) === "whole") {
      return { kind: "whole", item: decoder.parseWhole(text, redact) };
    }
    if (text !== "") pieces.push(new TextEncoder().encode(text));
  }
  const kind = await readUntilClear(body, contentType, pieces);
  if (kind === "events")
    return { kind, source: createItemSource(body, pieces, { decoder, drainMs: limits.drainMs, redact }) };
  if (kind === "whole") {
    const text = await readWholeBody(body, pieces, limits.wholeBodyBytes);
    return { kind, item: decoder.parseWhole(text, redact) };
  }
  throw await strangeAnswer({ response, body }, { limits, host, redact }, pieces, decoder.answerName);
}

/** Reads only as much as reveals the form of the answer, which is nothing for most streams. Adds it to `pieces`. */
async function readUntilClear(
  body: AnswerBody,
  contentType: string,
  pieces: Uint8Array[],
): Promise<AnswerKind> {
  const utf8 = new TextDecoder();
  let start = pieces.map((piece) => utf8.decode(piece, { stream: true })).join("");
  let kind = classifyAnswer(contentType, start, false);
  while (kind === "undecided") {
    const piece = await body.read();
    // OpenRouter sends blanks while it generates a whole answer: they mean nothing and are not kept.
    if (piece?.some((byte) => byte > 0x20)) pieces.push(piece);
    start = (start + utf8.decode(piece ?? new Uint8Array(), { stream: piece !== null })).trimStart();
    kind = classifyAnswer(contentType, start, piece === null);
  }
  return kind;
}
