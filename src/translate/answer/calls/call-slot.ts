import { GatheredText } from "../gathered-text.ts";
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
  /** Takes a piece. Throws UpstreamError if the answer has become too long. */
  push(piece: CallPiece): void;
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
  readonly #take: (slot: CallSlot, piece: CallPiece) => void;

  constructor(take: (slot: CallSlot, piece: CallPiece) => void) {
    this.#take = take;
  }

  get isComplete(): boolean {
    return this.arguments?.isComplete === true;
  }

  push(piece: CallPiece): void {
    this.#take(this, piece);
  }
}
