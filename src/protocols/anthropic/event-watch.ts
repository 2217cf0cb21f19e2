import { parseJson } from "../../json/parse-json.ts";
import { type AnswerFacts, addFacts, noFacts } from "./answer-facts.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;

/** Bytes of a line by which its kind is known: the longest name of an event that is read, with its field. */
const knownByBytes = 64;

/** Bytes of the longest line that is read: others only go by. */
const longestReadLine = 1024 * 1024;

const utf8 = new TextDecoder();

/**
 * Watches the bytes of an event stream that is passed on. It finds the ends of events and reads the few that tell of the
 * usage, the stop reason or an error; of all others, which are nearly all, it looks at the beginnings of the lines only.
 * However the bytes are cut, it sees the same.
 */
export class EventWatch {
  #facts: AnswerFacts = noFacts;
  /** The beginning of the line that has not ended: all of it if it is read, else as much as shows its kind. */
  #line: Uint8Array[] = [];
  #lineBytes = 0;
  /** Its name, if that matters. */
  #event = "";
  #hasFields = false;
  #events = 0;
  #hasStarted = false;
  #isOver = false;

  get facts(): AnswerFacts {
    return this.#facts;
  }

  /** Events that have ended, without pings and errors. */
  get events(): number {
    return this.#events;
  }

  /** An event has ended that is no ping: the answer has begun, or failed. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** The event that ends a message has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The bytes end within an event, or within the line that would begin one. */
  get isInsideEvent(): boolean {
    return this.#hasFields || this.#lineBytes > 0;
  }

  /** Takes the next bytes. Not one function per line, as it runs for every piece of an answer. */
  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      if (this.#lineBytes === 0) this.#endLine(bytes, start, end);
      else {
        this.#keep(bytes.subarray(start, end));
        const line = this.#takeLine();
        this.#endLine(line, 0, line.byteLength);
      }
      start = end + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
  }

  #keep(part: Uint8Array): void {
    // Of a line that is not read, no more is kept than shows what it is.
    const most = this.#isRead ? longestReadLine : knownByBytes;
    const room = most - this.#lineBytes;
    this.#lineBytes += part.byteLength;
    if (room > 0) this.#line.push(part.slice(0, room));
  }

  #takeLine(): Uint8Array {
    const line = this.#line.length === 1 ? this.#line[0] : Buffer.concat(this.#line);
    this.#line = [];
    this.#lineBytes = 0;
    return line ?? new Uint8Array();
  }

  #endLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    const end = bytes[lineEnd - 1] === carriageReturn && lineEnd > start ? lineEnd - 1 : lineEnd;
    if (end === start) this.#endEvent();
    // A comment belongs to no event.
    else if (bytes[start] !== colon) this.#readField(bytes, start, end);
  }

  #readField(bytes: Uint8Array, start: number, end: number): void {
    this.#hasFields = true;
    // `event:` or `data:`; clients know no others.
    if (bytes[start] === 0x65) this.#event = readName(bytes, start, end);
    else if (bytes[start] === 0x64 && this.#isRead) this.#readData(bytes.subarray(start, end));
  }

  #readData(line: Uint8Array): void {
    if (line.byteLength > longestReadLine) return;
    this.#facts = addFacts(this.#facts, parseJson(utf8.decode(line).replace(/^data: ?/, "")));
  }

  /** Whether the data of the present event is read. */
  get #isRead(): boolean {
    switch (this.#event) {
      case "message_start":
      case "message_delta":
      case "error":
        return true;
      default:
        return false;
    }
  }

  #endEvent(): void {
    if (!this.#hasFields) return;
    const isPing = this.#event === "ping";
    if (!isPing) this.#hasStarted = true;
    if (!isPing && this.#event !== "error") this.#events += 1;
    if (this.#event === "message_stop") this.#isOver = true;
    this.#event = "";
    this.#hasFields = false;
  }
}

/** The name of an event; `""` for the many of a block, which are not worth a text of their own. */
function readName(bytes: Uint8Array, start: number, end: number): string {
  const colonAt = start + "event".length;
  const nameAt = bytes[colonAt + 1] === 0x20 ? colonAt + 2 : colonAt + 1;
  return bytes[nameAt] === 0x63 ? "" : utf8.decode(bytes.subarray(nameAt, end));
}
