import { ChannelMarks } from "./channel-marks.ts";
import type { LoneThinkTag } from "./lone-tag-watch.ts";
import { StopWatch } from "./stop-watch.ts";
import { type TextPiece, ThinkTags } from "./think-tags.ts";

export interface VisibleTextOptions {
  thinkTags: "auto" | "gemini" | "off";
  /** Removes a closing tag at the start of the answer that was never opened. */
  dropsLoneThinkTag: boolean;
  /** Learns whether such a tag further on means that the text before it was reasoning; else null. */
  loneThinkTag: LoneThinkTag | null;
  /** Stop sequences that we watch for ourselves; empty if the upstream does. */
  stopSequences: readonly string[];
  /** The client's prefill: removed if the upstream repeats it at the start of its answer (rule 2.4.8). */
  prefill: string | null;
}

/** The visible text in an answer's `content`: without reasoning tags or a repeated prefill, up to a stop sequence. */
export class VisibleText {
  /** Null if marks are not, or no longer, looked for. */
  #channelMarks: ChannelMarks | null;
  readonly #thinkTags: ThinkTags;
  readonly #stopWatch: StopWatch;
  /** The prefill while it may still be repeated; null once that is decided. */
  #prefill: string | null;
  /** How many characters of it were repeated so far. */
  #repeated = 0;

  constructor(options: VisibleTextOptions) {
    this.#channelMarks = options.thinkTags === "off" ? null : new ChannelMarks();
    this.#thinkTags = new ThinkTags(options.thinkTags, options.dropsLoneThinkTag, options.loneThinkTag);
    this.#stopWatch = new StopWatch(options.stopSequences);
    this.#prefill = options.prefill === "" ? null : options.prefill;
  }

  /** The stop sequence that ended the answer, or null. */
  get hit(): string | null {
    return this.#stopWatch.hit;
  }

  /** A tag, or a possible tag, is held. */
  get isHolding(): boolean {
    return this.#thinkTags.isHolding || this.#channelMarks?.isHolding === true;
  }

  /** Looks for nothing any more: text is shown as it comes. */
  get isSettled(): boolean {
    const isUnmarked = this.#channelMarks === null && this.#thinkTags.isSettled;
    return isUnmarked && this.#prefill === null && this.#stopWatch.watchesNothing;
  }

  /** Reasoning comes in a member of its own. */
  noteReasoning(): void {
    this.#thinkTags.noteReasoning();
  }

  push(text: string): TextPiece[] {
    if (this.#channelMarks === null) return this.#show(this.#thinkTags.push(text));
    const pieces = this.#channelMarks.push(text);
    if (this.#channelMarks.isOff) this.#channelMarks = null;
    return this.#show(pieces.flatMap((piece) => this.#withoutTags(piece)));
  }

  #withoutTags(piece: TextPiece): TextPiece[] {
    return piece.kind === "text" ? this.#thinkTags.push(piece.text) : [piece];
  }

  /** Shows the held text, because nothing that follows can change its meaning. Text may still follow. */
  settle(): TextPiece[] {
    const marked = this.#channelMarks?.finish() ?? [];
    this.#channelMarks = null;
    const pieces = this.#show([
      ...marked.flatMap((piece) => this.#withoutTags(piece)),
      ...this.#thinkTags.finish(),
    ]);
    const held = this.#prefill?.slice(0, this.#repeated) ?? "";
    const rest = this.#stopWatch.push(held) + this.#stopWatch.finish();
    this.#prefill = null;
    if (rest !== "") pieces.push({ kind: "text", text: rest });
    return pieces;
  }

  #show(pieces: readonly TextPiece[]): TextPiece[] {
    const shown: TextPiece[] = [];
    for (const { kind, text } of pieces) {
      const visible = kind === "thinking" ? text : this.#stopWatch.push(this.#withoutPrefill(text));
      if (visible !== "") shown.push({ kind, text: visible });
    }
    return shown;
  }

  #withoutPrefill(text: string): string {
    if (this.#prefill === null) return text;
    const prefill = this.#prefill;
    const wanted = prefill.length - this.#repeated;
    if (text.length < wanted && prefill.startsWith(text, this.#repeated)) {
      this.#repeated += text.length;
      return "";
    }
    this.#prefill = null;
    if (text.startsWith(prefill.slice(this.#repeated))) return text.slice(wanted);
    return prefill.slice(0, this.#repeated) + text;
  }
}
