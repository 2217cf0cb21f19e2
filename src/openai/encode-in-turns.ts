import { isLowSurrogate } from "../json/is-low-surrogate.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { StepRunner } from "./run-steps.ts";

/** Characters that are written in one turn: some 3 ms of work. */
const defaultPieceLength = 1024 * 1024;

/** What a value takes beside its characters: a bracket, a comma, quotes. */
const charactersOfValue = 4;

/**
 * The JSON of a large chat request as `JSON.stringify` gives it, which would stop everybody for a tenth of a second:
 * about `pieceLength` characters of it are written in one step.
 */
export async function encodeInTurns(
  chatRequest: ChatRequest,
  runStep: StepRunner,
  pieceLength = defaultPieceLength,
): Promise<string> {
  const pieces = encodePieces(chatRequest, pieceLength);
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

/** What is small is left to the engine, which writes it ten times as fast as anybody else. */
function* encodePieces(value: unknown, pieceLength: number): Generator<string, void> {
  if (weigh(value, pieceLength) <= pieceLength) yield JSON.stringify(value) ?? "null";
  else if (typeof value === "string") yield* encodeLongText(value, pieceLength);
  else if (Array.isArray(value)) yield* encodeList(value, pieceLength);
  else if (isJsonObject(value)) yield* encodeObject(value, pieceLength);
  else yield JSON.stringify(value) ?? "null";
}

/** About how many characters the JSON of a value has; no more than `most` are counted. */
function weigh(value: unknown, most: number): number {
  if (typeof value === "string") return charactersOfValue + value.length;
  let weight = charactersOfValue;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && weight <= most; index += 1)
      weight += weigh(value[index], most - weight);
  } else if (isJsonObject(value)) {
    for (const key in value) {
      weight += key.length + weigh(value[key], most - weight);
      if (weight > most) break;
    }
  }
  return weight;
}

function* encodeList(list: readonly unknown[], pieceLength: number): Generator<string, void> {
  let before = "[";
  for (const run of cutIntoRuns(list, pieceLength)) {
    yield before;
    if (run.length === 1) yield* encodePieces(run[0], pieceLength);
    else yield JSON.stringify(run).slice(1, -1);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}

function* encodeObject(object: JsonObject, pieceLength: number): Generator<string, void> {
  const members = Object.entries(object).filter(([, value]) => value !== undefined);
  let before = "{";
  for (const run of cutIntoRuns(members, pieceLength)) {
    yield before;
    const [[key = "", value] = []] = run;
    if (run.length === 1) {
      yield `${JSON.stringify(key)}:`;
      yield* encodePieces(value, pieceLength);
    } else yield JSON.stringify(Object.fromEntries(run)).slice(1, -1);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

/** The items in their order, in runs that weigh as much as one piece or are one item. */
function* cutIntoRuns<Item>(items: readonly Item[], pieceLength: number): Generator<Item[], void> {
  let run: Item[] = [];
  let weight = 0;
  for (const item of items) {
    const own = weigh(item, pieceLength);
    if (run.length > 0 && weight + own > pieceLength) {
      yield run;
      run = [];
      weight = 0;
    }
    run.push(item);
    weight += own;
  }
  if (run.length > 0) yield run;
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
