import { encodeTimeMark, type FullSettings, lastMark } from "./upstream-settings.ts";

const filler = "The quick brown fox jumps over the lazy dog while the proxy counts chunks. ";

/** `count` characters of ordinary text. */
function fill(count: number): string {
  return filler.repeat(Math.ceil(count / filler.length)).slice(0, count);
}

/** The text of the piece at `index` of a stream. */
export function textOfPiece(index: number, settings: FullSettings): string {
  const begin = settings.paceMs > 0 ? encodeTimeMark() : "";
  const end = index === settings.chunks - 1 ? lastMark : "";
  return begin + fill(Math.max(1, settings.chunkCharacters - begin.length - end.length)) + end;
}

/** The text of a whole answer. */
export function textOfWhole(settings: FullSettings): string {
  return fill(settings.chunks * settings.chunkCharacters) + lastMark;
}

/** How many tokens each answer says it took. */
export const tokens = { input: 1000, output: 500, total: 1500 };

/** What the upstream of the bench answers on one wire. */
export interface WireAnswer {
  /** What comes before the first piece of a stream. */
  encodeBegin(settings: FullSettings): string;
  /** The piece at `index` of a stream. */
  encodePiece(index: number, settings: FullSettings): string;
  /** What follows the last piece, and the end of the body. */
  encodeEnd(settings: FullSettings): string;
  /** A whole answer with its head. */
  encodeWhole(settings: FullSettings): string;
}
