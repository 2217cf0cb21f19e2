import { hideSpelledKeys } from "../../logging/hide-spelled-keys.ts";
import type { KeptBody } from "../bodies/body-keeper.ts";
import type { ColumnValue } from "../sqlite/request-columns.ts";

/** Most bytes of a message in the file. */
const mostBytes = 1024 * 1024;
/** What is searched for keys beyond that: no key is so long, however it is encoded. */
const beyondBytes = 64 * 1024;
const compressionLevel = 3;

/** Longest text of a head, in characters: `anthropic-beta` names many. */
const longestHeadText = 2_000;

/** A message as the file keeps it. */
export interface PackedBody {
  readonly name: string;
  readonly send: number;
  /** As JSON. */
  readonly head: string | null;
  readonly bytes: number;
  readonly isCut: boolean;
  /** The text in UTF-8, packed with Zstandard. */
  readonly content: Uint8Array;
}

/** Takes keys out of a message, cuts it to 1 MB, and packs it. */
export function packBody(
  body: KeptBody,
  redact: (text: string) => string,
  clean: (text: string, longest: number) => string,
): PackedBody {
  const whole = joinPieces(body.pieces);
  const searched = whole.subarray(0, mostBytes + beyondBytes);
  const isCut = whole.length > mostBytes;
  const text = searched.toString("utf8");
  // guard: spelled keys taken out of the record; without it: text
  const unspelled = hideSpelledKeys(text, redact);
  const redacted = Buffer.from(redact(unspelled));
  // The end of what was searched may be half of a key that the search could not know.
  const end = isCut ? Math.min(mostBytes, redacted.length - (searched.length - mostBytes)) : redacted.length;
  return {
    name: body.name,
    send: body.send,
    head: packHead(body.head, clean),
    bytes: body.bytes,
    isCut: isCut || body.isCut,
    content: Bun.zstdCompressSync(redacted.subarray(0, endOfCharacter(redacted, end)), {
      level: compressionLevel,
    }),
  };
}

/** The columns of `bodies`, in their order, behind the number of the request. */
export function listBodyValues(body: PackedBody): (ColumnValue | Uint8Array)[] {
  return [body.name, body.send, body.head, body.bytes, Number(body.isCut), body.content];
}

/** The text of a message; its pieces may have been cut inside a character. */
export function joinPieces(pieces: KeptBody["pieces"]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
}

function packHead(head: KeptBody["head"], clean: (text: string, longest: number) => string): string | null {
  if (head === null) return null;
  const headers = Object.entries(head.headers).map(([name, value]) => [
    clean(name, longestHeadText),
    clean(value, longestHeadText),
  ]);
  return JSON.stringify({ url: clean(head.url, longestHeadText), headers: Object.fromEntries(headers) });
}

/** The last place up to `end` at which a character of UTF-8 ends. */
function endOfCharacter(text: Buffer, end: number): number {
  let at = end;
  while (at > 0 && at < text.length && ((text[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}
