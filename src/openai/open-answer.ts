import type { AnswerBody } from "./answer-body.ts";
import { type AnswerKind, classifyAnswer, mediaType } from "./answer-kind.ts";
import type { ChatChunk } from "./chat-response.ts";
import { type ChunkSource, createChunkSource } from "./chunk-source.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { plainWords } from "./plain-words.ts";
import { readCappedBody } from "./read-capped-body.ts";
import { UpstreamError } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";
import { readCompletion } from "./whole-answer.ts";

export type OpenedAnswer = { kind: "whole"; completion: ChatChunk } | { kind: "events"; source: ChunkSource };

/**
 * Finds out what a successful answer is and returns it: a whole one is read to its end, a stream is not begun.
 * Throws UpstreamError; `malformed` for a page or a text (rule 4.8).
 */
export async function openAnswer(
  { response, body }: FetchedAnswer,
  limits: UpstreamLimits,
  redact: (text: string) => string,
): Promise<OpenedAnswer> {
  const contentType = response.headers.get("content-type") ?? "";
  const { kind, pieces } = await readUntilClear(body, contentType);
  if (kind === "events")
    return { kind, source: createChunkSource(body, pieces, { drainMs: limits.drainMs, redact }) };
  if (kind === "whole") {
    return {
      kind,
      completion: await readCompletion(body, pieces, { maxBytes: limits.wholeBodyBytes, redact }),
    };
  }
  const cap = { maxBytes: limits.errorBodyBytes, maxMs: limits.errorBodyMs };
  const words = plainWords(redact(await readCappedBody(body, cap, pieces)), 100);
  const type = mediaType(contentType) || "no content type";
  const what = words === "" ? `${response.status} with an empty body` : `${type} (${words})`;
  throw new UpstreamError("malformed", `upstream answered ${what}`, {
    phase: "body",
    status: response.status,
  });
}

/** Reads no more than what tells the kind of the answer, which is nothing for most streams. */
async function readUntilClear(
  body: AnswerBody,
  contentType: string,
): Promise<{ kind: AnswerKind; pieces: Uint8Array[] }> {
  const utf8 = new TextDecoder();
  const pieces: Uint8Array[] = [];
  let start = "";
  let kind = classifyAnswer(contentType, start, false);
  while (kind === "undecided") {
    const piece = await body.read();
    // OpenRouter sends blanks while a whole answer is in the making: they tell nothing and are not kept.
    if (piece?.some((byte) => byte > 0x20)) pieces.push(piece);
    start = (start + utf8.decode(piece ?? new Uint8Array(), { stream: piece !== null })).trimStart();
    kind = classifyAnswer(contentType, start, piece === null);
  }
  return { kind, pieces };
}
