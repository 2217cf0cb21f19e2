import type { JsonObject } from "../../../json/json-value.ts";
import type { AnswerRoom } from "../../../translate/answer/answer-room.ts";
import { GatheredText } from "../../../translate/answer/gathered-text.ts";
import type { FunctionCall } from "./function-call.ts";
import type { ItemKind } from "./item-kind.ts";

/** Where a text is: in the content of a message or of reasoning, or in the summary of reasoning. */
export type PartKind = "text" | "refusal" | "reasoning_text" | "summary";

/** One text of an output item. */
export interface TextPart {
  readonly kind: PartKind;
  readonly index: number;
  readonly record: OutputRecord;
  /** What was sent of it, until its whole text has come. */
  readonly sent: GatheredText;
  hasText: boolean;
  /** Its whole text has come. */
  isFinished: boolean;
}

/** What has come of one output item. Each takes its room from the answer's. */
export class OutputRecord {
  readonly kind: ItemKind;
  /** `output_index`, or null where the server sends none. */
  readonly index: number | null;
  /** Of a call. */
  callId: string | null = null;
  call: FunctionCall | null = null;
  /** Its `done` has come. */
  isDone = false;
  /** The terminal event has listed it. */
  isListed = false;
  /** Which of the texts of reasoning is shown: servers send the summary, the reasoning itself, or both. */
  shown: PartKind | null = null;
  /** What goes back to the upstream of this reasoning. */
  detail: JsonObject | null = null;
  /** Nothing goes back: the item that belongs to it does not either. */
  isUncarried = false;
  readonly #parts = new Map<string, TextPart>();
  #last: TextPart | null = null;
  readonly #room: AnswerRoom;

  constructor(kind: ItemKind, index: number | null, room: AnswerRoom) {
    room.takeBlock();
    this.kind = kind;
    this.index = index;
    this.#room = room;
  }

  /** The part at an index, which is 0 where the server sends none. Throws UpstreamError if there is no room for it. */
  part(kind: PartKind, place: unknown): TextPart {
    const index = typeof place === "number" ? place : 0;
    const last = this.#last;
    if (last !== null && last.index === index && last.kind === kind) return last;
    const key = `${kind} ${index}`;
    let part = this.#parts.get(key);
    if (part === undefined) {
      this.#room.takeBlock();
      part = { kind, index, record: this, sent: new GatheredText(), hasText: false, isFinished: false };
      this.#parts.set(key, part);
    }
    this.#last = part;
    return part;
  }
}
