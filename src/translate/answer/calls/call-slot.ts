import { GatheredText, type TextSoFar } from "../gathered-text.ts";
import type { ToolArguments } from "./tool-arguments.ts";

/** The new part of a call. */
export interface CallPiece {
  id: string | null;
  name: string | null;
  /** The next part of its arguments, as text; "" for none. */
  arguments: string;
  thoughtSignature: string | null;
}

/** A call of the upstream as a wire holds it: the wire finds the call of each piece, and pushes the piece to it. */
export interface BegunCall {
  /** The upstream's id. The first one counts. */
  readonly upstreamId: string | null;
  readonly name: string | null;
  /** Its arguments are a complete object. */
  readonly isComplete: boolean;
  /** The text of its arguments so far. */
  readonly received: TextSoFar;
  /** Takes a piece. Throws UpstreamError if the answer has become too long, as the other methods do. */
  push(piece: CallPiece): void;
  /** Takes the next part of its arguments. */
  pushArguments(text: string): void;
  /** Takes all arguments in place of the pieces so far; false if the client already has a part of those. */
  replaceArguments(text: string): boolean;
  /** Nothing follows. The call is closed when its turn comes, unless its arguments are no whole JSON. */
  complete(): void;
  /** Makes a call that has no name yet several complete ones, each given as one piece. */
  split(pieces: readonly CallPiece[]): void;
}

/** The owner of the slots, which writes them one after the other. */
export interface SlotOwner {
  take(slot: CallSlot, piece: CallPiece): void;
  takeArguments(slot: CallSlot, text: string): void;
  replaceArguments(slot: CallSlot, text: string): boolean;
  complete(slot: CallSlot): void;
  split(slot: CallSlot, pieces: readonly CallPiece[]): void;
}

/** The state of one call of the upstream. */
export class CallSlot implements BegunCall {
  upstreamId: string | null = null;
  name: string | null = null;
  arguments: ToolArguments | null = null;
  /** Fragments that came before the name, or after the end of the call. */
  readonly aside = new GatheredText();
  thoughtSignature: string | null = null;
  state: "pending" | "open" | "closed" = "pending";
  /** The upstream has said that nothing follows. */
  isEnded = false;
  readonly #owner: SlotOwner;

  constructor(owner: SlotOwner) {
    this.#owner = owner;
  }

  get isComplete(): boolean {
    return this.arguments?.isComplete === true;
  }

  get received(): TextSoFar {
    return this.arguments?.received ?? this.aside;
  }

  push(piece: CallPiece): void {
    this.#owner.take(this, piece);
  }

  pushArguments(text: string): void {
    this.#owner.takeArguments(this, text);
  }

  replaceArguments(text: string): boolean {
    return this.#owner.replaceArguments(this, text);
  }

  complete(): void {
    this.#owner.complete(this);
  }

  split(pieces: readonly CallPiece[]): void {
    this.#owner.split(this, pieces);
  }
}
