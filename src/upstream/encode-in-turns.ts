import { isLowSurrogate } from "../json/is-low-surrogate.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { runSteps, type StepRunner } from "../turns/run-steps.ts";
import { withoutLoneSurrogates } from "./without-lone-surrogates.ts";

/** How much is written in one turn, in characters of text: some 3 ms of work. */
const defaultPieceLength = 1024 * 1024;

/** The cost of writing a value besides its own characters, expressed in characters. */
const charactersOfValue = 32;

/** Bytes joined in one turn: most of the time goes into allocating new memory. */
const stepBytes = 4 * 1024 * 1024;

/**
 * Encodes a large request as JSON, with the same bytes as `JSON.stringify` and `withoutLoneSurrogates`. Those would
 * block the event loop for a tenth of a second, so about `pieceLength` characters are written in one step.
 */
export async function encodeInTurns(
  body: object,
  runStep: StepRunner,
  pieceLength = defaultPieceLength,
): Promise<Uint8Array<ArrayBuffer>> {
  return await runSteps(encodeSteps(body, pieceLength), runStep);
}

function* encodeSteps(body: object, pieceLength: number): Generator<void, Uint8Array<ArrayBuffer>> {
  const written: string[] = [];
  let bytes = 0;
  let weight = 0;
  for (const piece of encodePieces(body, pieceLength)) {
    const text = withoutLoneSurrogates(piece.text);
    written.push(text);
    bytes += Buffer.byteLength(text);
    weight += piece.weight;
    if (weight < pieceLength) continue;
    weight = 0;
    yield;
  }
  const whole = new Uint8Array(bytes);
  const encoder = new TextEncoder();
  let end = 0;
  let yielded = 0;
  // Takes them from the end of the reversed list, so that each is released as soon as it is copied.
  for (let text = written.reverse().pop(); text !== undefined; text = written.pop()) {
    end += encoder.encodeInto(text, whole.subarray(end)).written;
    if (end - yielded < stepBytes) continue;
    yielded = end;
    yield;
  }
  return whole;
}

interface Piece {
  text: string;
  weight: number;
}

/** Small values are left to the engine, which writes them ten times as fast as any code of ours. */
function* encodePieces(value: unknown, pieceLength: number): Generator<Piece, void> {
  const weight = weigh(value, pieceLength);
  const isLarge = weight > pieceLength;
  if (isLarge && typeof value === "string") yield* encodeLongText(value, pieceLength);
  else if (isLarge && Array.isArray(value)) yield* encodeList(value, pieceLength);
  else if (isLarge && isJsonObject(value)) yield* encodeObject(value, pieceLength);
  else yield { text: JSON.stringify(value) ?? "null", weight };
}

/** The cost of writing a value, in characters. Stops counting soon after `most`. */
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

function* encodeList(list: readonly unknown[], pieceLength: number): Generator<Piece, void> {
  let before = "[";
  for (const { items, weight } of cutIntoRuns(list, (item) => weigh(item, pieceLength), pieceLength)) {
    yield sign(before);
    if (items.length === 1) yield* encodePieces(items[0], pieceLength);
    else yield { text: JSON.stringify(items).slice(1, -1), weight };
    before = ",";
  }
  yield sign(before === "[" ? "[]" : "]");
}

function* encodeObject(object: JsonObject, pieceLength: number): Generator<Piece, void> {
  let before = "{";
  const members = Object.entries(object).filter(([, value]) => value !== undefined);
  const weighMember = ([key, value]: [string, unknown]) => key.length + weigh(value, pieceLength);
  for (const { items, weight } of cutIntoRuns(members, weighMember, pieceLength)) {
    yield sign(before);
    const [[key, value] = ["", null]] = items;
    if (items.length === 1) {
      yield sign(`${JSON.stringify(key)}:`);
      yield* encodePieces(value, pieceLength);
    } else yield { text: items.map(encodeMember).join(","), weight };
    before = ",";
  }
  yield sign(before === "{" ? "{}" : "}");
}

function encodeMember([key, value]: [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

function sign(text: string): Piece {
  return { text, weight: text.length };
}

/** The items in their order, in runs that are about as heavy as one piece, or hold one item. */
function* cutIntoRuns<Item>(
  all: readonly Item[],
  weighItem: (item: Item) => number,
  pieceLength: number,
): Generator<{ items: Item[]; weight: number }, void> {
  let items: Item[] = [];
  let weight = 0;
  for (const item of all) {
    const own = weighItem(item);
    if (items.length > 0 && weight + own > pieceLength) {
      yield { items, weight };
      items = [];
      weight = 0;
    }
    items.push(item);
    weight += own;
  }
  if (items.length > 0) yield { items, weight };
}

/** Never cuts before a low surrogate: the halves of a character would be escaped. */
function* encodeLongText(text: string, pieceLength: number): Generator<Piece, void> {
  yield sign('"');
  for (let start = 0; start < text.length; ) {
    let end = start + pieceLength;
    if (isLowSurrogate(text.charCodeAt(end))) end += 1;
    yield { text: JSON.stringify(text.slice(start, end)).slice(1, -1), weight: pieceLength };
    start = end;
  }
  yield sign('"');
}
