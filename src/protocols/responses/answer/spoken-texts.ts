import type { AnswerWriter } from "../../../translate/answer/answer-writer.ts";
import type { TextPart } from "./output-record.ts";

type TextWriter = Pick<AnswerWriter, "endBlock" | "refusal" | "text" | "thinking" | "warn">;

/** Writes the texts of output items, each once, although they come in pieces and up to four times whole (rule 24.4). */
export class SpokenTexts {
  readonly #writer: TextWriter;
  readonly #openReasoning: (text: string) => string;
  /** The part that was written last. */
  #speaking: TextPart | null = null;
  /** A call has begun since. */
  #isInterrupted = false;

  /** `openReasoning`: takes a whole text with which the answer begins, and opens the reasoning that it only closes. */
  constructor(writer: TextWriter, openReasoning: (text: string) => string) {
    this.#writer = writer;
    this.#openReasoning = openReasoning;
  }

  /** Another reasoning item begins, so that the block of the one before gets what belongs to it. */
  beginReasoning(): void {
    if (this.#speaking?.record.kind !== "reasoning") return;
    this.#writer.endBlock();
    this.#speaking = null;
  }

  beginCall(): void {
    this.#isInterrupted = true;
  }

  /** Writes a piece. Throws UpstreamError if the answer has become too long. */
  say(part: TextPart, text: string): void {
    if (isShown(part)) this.#write(part, text, false);
  }

  /** Writes what is missing of a part whose whole text has come. Throws as `say` does. */
  finish(part: TextPart, text: unknown): void {
    if (typeof text !== "string" || text === "" || part.isFinished || !isShown(part)) return;
    const sent = part.sent.take();
    part.isFinished = true;
    const isFirst = sent === "" && part.kind === "text" && this.#speaking === null;
    if (isFirst) this.#write(part, this.#openReasoning(text), false);
    else if (!text.startsWith(sent)) this.#writer.warn("a whole text differs from its pieces");
    else if (text.length > sent.length) this.#write(part, text.slice(sent.length), sent !== "");
  }

  #write(part: TextPart, text: string, isRest: boolean): void {
    if (part !== this.#speaking || this.#isInterrupted) this.#turnTo(part, isRest);
    if (!part.isFinished) part.sent.add(text);
    const isNext = !part.hasText && part.kind === "summary" && part.record.shown !== null;
    part.hasText = true;
    switch (part.kind) {
      case "text":
        this.#writer.text(text);
        break;
      case "refusal":
        this.#writer.refusal(text);
        break;
      default:
        part.record.shown = part.kind;
        // A blank line between the parts of a summary.
        this.#writer.thinking(isNext ? `\n\n${text}` : text);
    }
  }

  /** Each output item has a block of its own, and so has a rest that comes when its block is closed. */
  #turnTo(part: TextPart, isRest: boolean): void {
    const before = this.#speaking;
    if (isRest) this.#writer.warn("the rest of a text came after another one had begun");
    if (before !== null && (isRest || before.record !== part.record)) this.#writer.endBlock();
    this.#speaking = part;
    this.#isInterrupted = false;
  }
}

/** Of the summary and the text of one reasoning item only that counts which came first. */
function isShown({ kind, record }: TextPart): boolean {
  return record.kind !== "reasoning" || record.shown === null || record.shown === kind;
}
