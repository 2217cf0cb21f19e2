import type { RecordedHead, WireName } from "../recorded-request.ts";
import type { BodyKeeper, KeptBody } from "./body-keeper.ts";

/**
 * What is kept of one message: the part that is stored, and some more, because a key may stand across the cut and is
 * found only as a whole.
 */
const keptBytes = (1024 + 64) * 1024;

/** What is kept of the last request to an upstream: it is compared with the next one. */
const comparedBytes = 4 * 1024 * 1024;

/** Of all running requests together. */
const mostBytes = 64 * 1024 * 1024;

/** What a piece takes beside its bytes, so that a million short ones are counted too. */
const pieceBytes = 100;

export interface BodyKeepersOptions {
  /** `off` keeps the last request to an upstream alone, for the comparison. */
  mode: "off" | "errors" | "all";
}

/** Memory that all keepers share. */
interface Store {
  takenBytes: number;
}

/** Creates what creates the keeper of each request, which is given the keys of its caller. */
export function createBodyKeepers({ mode }: BodyKeepersOptions): (secrets?: readonly string[]) => BodyKeeper {
  const store: Store = { takenBytes: 0 };
  return (secrets = []) => new SharingKeeper(store, { isForComparison: mode === "off", secrets });
}

interface KeeperOptions {
  isForComparison: boolean;
  secrets: readonly string[];
}

class OpenBody implements KeptBody {
  readonly name: WireName;
  readonly send: number;
  pieces: (string | Uint8Array)[] = [];
  bytes = 0;
  isCut = false;
  #head: RecordedHead | (() => RecordedHead) | null;

  constructor(name: WireName, send: number, head: (() => RecordedHead) | null) {
    this.name = name;
    this.send = send;
    this.#head = head;
  }

  get head(): RecordedHead | null {
    if (typeof this.#head === "function") this.#head = this.#head();
    return this.#head;
  }
}

class SharingKeeper implements BodyKeeper {
  readonly secrets: readonly string[];
  readonly #store: Store;
  readonly #isForComparison: boolean;
  #bodies: OpenBody[] = [];
  #send = 0;
  #takenBytes = 0;
  #isTaken = false;

  constructor(store: Store, { isForComparison, secrets }: KeeperOptions) {
    this.#store = store;
    this.secrets = secrets;
    this.#isForComparison = isForComparison;
  }

  beginSend(buildHead: () => RecordedHead): void {
    if (this.#isTaken) return;
    const last = this.#find("upstream-request");
    if (last !== null) this.#shorten(last);
    this.#send += 1;
    this.#begin("upstream-request", buildHead);
  }

  add(name: WireName, piece: string | Uint8Array): void {
    if (this.#isTaken || (this.#isForComparison && name !== "upstream-request")) return;
    const length = typeof piece === "string" ? Buffer.byteLength(piece) : piece.byteLength;
    if (length === 0) return;
    const body = this.#find(name) ?? this.#begin(name, null);
    const held = body.bytes;
    body.bytes += length;
    if (body.isCut) return;
    const left = (name === "upstream-request" ? comparedBytes : keptBytes) - held;
    if (!this.#take(Math.min(left, length) + pieceBytes)) body.isCut = true;
    else if (length <= left) body.pieces.push(piece);
    else {
      body.isCut = true;
      body.pieces.push(copyStart(piece, left));
    }
  }

  take(): KeptBody[] {
    const bodies = this.#bodies;
    this.#bodies = [];
    this.#store.takenBytes -= this.#takenBytes;
    this.#takenBytes = 0;
    this.#isTaken = true;
    return bodies;
  }

  #begin(name: WireName, buildHead: (() => RecordedHead) | null): OpenBody {
    const body = new OpenBody(name, this.#sendOf(name), buildHead);
    this.#bodies.push(body);
    return body;
  }

  /** The message to which the next piece of a wire belongs. Most often it is one of the last. */
  #find(name: WireName): OpenBody | null {
    const send = this.#sendOf(name);
    for (let index = this.#bodies.length - 1; index >= 0; index--) {
      const body = this.#bodies[index];
      if (body?.name === name && body.send === send) return body;
    }
    return null;
  }

  #sendOf(name: WireName): number {
    return name === "upstream-request" || name === "upstream-response" ? this.#send : 0;
  }

  /** Only the last request is compared; of one that was sent again, what is stored is enough. */
  #shorten(body: OpenBody): void {
    const held = body.pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    const most = this.#isForComparison ? 0 : keptBytes;
    if (this.#isForComparison) this.#bodies = this.#bodies.filter((other) => other !== body);
    else if (held > most) {
      body.pieces = [copyStart(Buffer.concat(body.pieces.map((piece) => Buffer.from(piece))), most)];
      body.isCut = true;
    }
    this.#give(Math.max(0, held - most));
  }

  /** False if there is too little left for that many bytes. */
  #take(bytes: number): boolean {
    if (this.#store.takenBytes + bytes > mostBytes) return false;
    this.#store.takenBytes += bytes;
    this.#takenBytes += bytes;
    return true;
  }

  #give(bytes: number): void {
    this.#store.takenBytes -= bytes;
    this.#takenBytes -= bytes;
  }
}

/** A copy of its first bytes, in whole characters: a part of a piece would hold all of it in memory. */
function copyStart(piece: string | Uint8Array, bytes: number): Uint8Array {
  const start = Buffer.allocUnsafeSlow(bytes);
  if (typeof piece === "string") return start.subarray(0, start.write(piece));
  start.set(piece.subarray(0, bytes));
  return start;
}
