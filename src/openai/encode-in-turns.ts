import { isLowSurrogate } from "../json/is-low-surrogate.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import type { ChatRequest } from "./chat-request.ts";

/** Runs a step of work, now or later, and gives what it returns; rejects with what it throws. */
export type StepRunner = <Result>(step: () => Result) => Result | Promise<Result>;

/** Characters that are written in one turn: some 3 ms of work. */
const defaultPieceLength = 1024 * 1024;

/** Down to the address of an image: request, messages, message, content, part, `image_url`. */
const deepestSplit = 6;

/**
 * The JSON of a large chat request as `JSON.stringify` gives it, which would stop everybody for a tenth of a second:
 * `pieceLength` characters of it are written in one step.
 */
export async function encodeInTurns(
  chatRequest: ChatRequest,
  runStep: StepRunner,
  pieceLength = defaultPieceLength,
): Promise<string> {
  const pieces = encodePieces(chatRequest, deepestSplit, pieceLength);
  const written: string[] = [];
  const writeSome = (): boolean => {
    for (let characters = 0; characters < pieceLength; ) {
      const { done, value } = pieces.next();
      if (done) return false;
      written.push(value);
      characters += value.length;
    }
    return true;
  };
  while (await runStep(writeSome));
  return await runStep(() => written.join(""));
}

function* encodePieces(value: unknown, depth: number, pieceLength: number): Generator<string, void> {
  if (typeof value === "string" && value.length > pieceLength) yield* encodeLongText(value, pieceLength);
  else if (depth > 0 && Array.isArray(value)) yield* encodeList(value, depth, pieceLength);
  else if (depth > 0 && isJsonObject(value)) yield* encodeObject(value, depth, pieceLength);
  else yield JSON.stringify(value) ?? "null";
}

function* encodeList(list: readonly unknown[], depth: number, pieceLength: number): Generator<string, void> {
  let before = "[";
  for (const entry of list) {
    yield before;
    yield* encodePieces(entry, depth - 1, pieceLength);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}

function* encodeObject(object: JsonObject, depth: number, pieceLength: number): Generator<string, void> {
  let before = "{";
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* encodePieces(value, depth - 1, pieceLength);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

/** Cut before no low surrogate: the halves of a character would be escaped. */
function* encodeLongText(text: string, pieceLength: number): Generator<string, void> {
  yield '"';
  for (let start = 0; start < text.length; ) {
    let end = start + pieceLength;
    if (isLowSurrogate(text.charCodeAt(end))) end += 1;
    yield JSON.stringify(text.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield '"';
}
