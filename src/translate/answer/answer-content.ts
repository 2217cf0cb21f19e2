import type { Profile } from "../../profiles/profile.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { AnswerRoom } from "./answer-room.ts";
import type { BlockWriter } from "./block-writer.ts";
import type { CallCut } from "./calls/call-cut.ts";
import { GatheredText } from "./gathered-text.ts";
import type { LoneThinkTag } from "./text/lone-tag-watch.ts";
import type { TextPiece } from "./text/think-tags.ts";
import { VisibleText } from "./text/visible-text.ts";

export interface AnswerContentOptions {
  plan: Pick<AnswerPlan, "thinkingIsOn" | "watchesStopSequences" | "stopSequences" | "prefill">;
  profile: Pick<Profile, "traits">;
  loneThinkTag?: LoneThinkTag | undefined;
  room: AnswerRoom;
}

/**
 * Receives an answer's reasoning and text, finds the reasoning within the text, and passes both to the writer of
 * blocks. All texts take their room here. Each method that takes one throws UpstreamError if the answer has become too
 * long.
 */
export class AnswerContent {
  readonly #blocks: BlockWriter;
  readonly #room: AnswerRoom;
  readonly #text: VisibleText;
  readonly #refusal = new GatheredText();

  constructor(blocks: BlockWriter, { plan, profile, loneThinkTag, room }: AnswerContentOptions) {
    const { thinkTags, loneThinkTag: dropsLoneThinkTag } = profile.traits.answer;
    this.#blocks = blocks;
    this.#room = room;
    this.#text = new VisibleText({
      thinkTags,
      dropsLoneThinkTag,
      loneThinkTag: (plan.thinkingIsOn && loneThinkTag) || null,
      stopSequences: plan.watchesStopSequences ? plan.stopSequences : [],
      prefill: plan.prefill,
    });
  }

  get refusalText(): string | null {
    return this.#refusal.isEmpty ? null : this.#refusal.text;
  }

  /** The stop sequence that our own watch hit, or null. */
  get stopSequenceHit(): string | null {
    return this.#text.hit;
  }

  /** Nothing was written and nothing is held. */
  get isEmpty(): boolean {
    return this.#blocks.isEmpty && !this.#text.isHolding;
  }

  /** Takes reasoning that comes apart from the text. */
  thinking(text: string): void {
    const fresh = this.#blocks.takeNewReasoning(text);
    if (fresh === "") return;
    this.#room.takeText(fresh);
    this.#text.noteReasoning();
    this.#blocks.writeReasoning(fresh);
  }

  /** Takes reasoning that comes as a part of the text. */
  thinkingInText(text: string): void {
    this.#room.takeText(text);
    this.#pushReasoning(text);
  }

  text(text: string): void {
    if (text === "") return;
    this.#room.takeText(text);
    // True for nearly all text of a stream.
    if (this.#text.isSettled) this.#blocks.writeText(text);
    else for (const piece of this.#text.push(text)) this.#pushPiece(piece);
  }

  refusal(text: string): void {
    this.#refusal.add(text);
    this.text(text);
  }

  /** A call or another block follows, so held text can no longer become anything else: it is plain text. */
  settleText(): void {
    for (const piece of this.#text.settle()) this.#pushPiece(piece);
  }

  /** Nothing follows. Throws as the others do, and if a tool call broke off unexpectedly. */
  finish(cut: CallCut): void {
    this.settleText();
    this.#blocks.finish(cut);
  }

  #pushPiece(piece: TextPiece): void {
    if (piece.kind === "thinking") this.#pushReasoning(piece.text);
    else this.#blocks.writeText(piece.text);
  }

  #pushReasoning(text: string): void {
    const fresh = this.#blocks.takeNewReasoning(text);
    if (fresh !== "") this.#blocks.writeReasoning(fresh);
  }
}
