import { GatheredText } from "../gathered-text.ts";
import type { TextPiece } from "./think-tags.ts";

const begins = ["<|channel|>", "<|start|>", "<|message|>"];
const message = "<|message|>";
/** The marks that end a message; the last two also begin the next. */
const end = /<\|(?:end|return|call|start|channel)\|>/g;
const longestEnd = "<|channel|>".length;

/** A first character that neither begins a mark nor precedes one. */
const beginsText = /^[^\s<]/;

/** Most characters between the marks of a header: a role, a channel, a recipient, a type. */
const longestHeader = 200;

/**
 * Reads answers of gpt-oss whose server leaves the marks of their channels in the text: the analysis is reasoning,
 * everything else is text (rule 3.3). Only an answer that begins with a mark is read like this. A call ends it, and is
 * passed on unchanged to the code that knows the tools.
 */
export class ChannelMarks {
  #state: "undecided" | "header" | "body" | "behind" | "off" = "undecided";
  #kind: TextPiece["kind"] = "text";
  /** Blanks before the first mark: they belong to the answer if there is none. */
  readonly #blanks = new GatheredText();
  #pending = "";

  /** Looks for no more marks: everything that comes is text. */
  get isOff(): boolean {
    return this.#state === "off";
  }

  /** Non-blank text is held. */
  get isHolding(): boolean {
    return this.#pending.trim() !== "";
  }

  /** Nothing came so far. */
  get #isFresh(): boolean {
    return this.#pending === "" && this.#blanks.isEmpty;
  }

  push(text: string): TextPiece[] {
    // True at the start of nearly every answer.
    if (this.#state === "undecided" && this.#isFresh && beginsText.test(text)) this.#state = "off";
    const pieces: TextPiece[] = [];
    const pending = this.#pending + text;
    this.#pending = "";
    for (let at = 0; at !== -1; at = this.#step(pending, at, pieces));
    return pieces;
  }

  /** Text that is still held when the answer ends. */
  finish(): TextPiece[] {
    const text = this.#blanks.take() + this.#pending;
    this.#pending = "";
    if (text === "") return [];
    return [{ kind: this.#state === "body" ? this.#kind : "text", text }];
  }

  /** Reads from `at`, and returns where the next step continues; -1 if that is in the next push. */
  #step(text: string, at: number, pieces: TextPiece[]): number {
    switch (this.#state) {
      case "undecided":
      case "behind":
        return this.#begin(text, at, pieces);
      case "header":
        return this.#readHeader(text, at);
      case "body":
        return this.#readBody(text, at, pieces);
      case "off":
        if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
        return -1;
    }
  }

  #begin(text: string, at: number, pieces: TextPiece[]): number {
    const start = text.slice(at).trimStart();
    const next = text.length - start.length;
    if (this.#state === "undecided") this.#blanks.add(text.slice(at, next));
    if (begins.some((mark) => start.startsWith(mark))) {
      this.#blanks.take();
      this.#state = "header";
      return next;
    }
    if (begins.some((mark) => mark.startsWith(start))) return this.#wait(text, next);
    this.#kind = "text";
    this.#add(this.#blanks.take(), pieces);
    this.#state = this.#state === "undecided" ? "off" : "body";
    return next;
  }

  #readHeader(text: string, at: number): number {
    const header = text.slice(at, at + longestHeader + message.length);
    const length = header.indexOf(message);
    if (length === -1 && header.length < longestHeader) return this.#wait(text, at);
    if (length === -1 || / to=/.test(header.slice(0, length))) {
      this.#state = "off";
      return at;
    }
    this.#state = "body";
    this.#kind = header.slice(0, length).includes("analysis") ? "thinking" : "text";
    return at + length + message.length;
  }

  #readBody(text: string, at: number, pieces: TextPiece[]): number {
    end.lastIndex = at;
    const found = end.exec(text);
    if (found !== null) {
      this.#add(text.slice(at, found.index), pieces);
      const [mark] = found;
      const beginsNext = mark === "<|start|>" || mark === "<|channel|>";
      this.#state = beginsNext ? "header" : "behind";
      return beginsNext ? found.index : found.index + mark.length;
    }
    const open = text.lastIndexOf("<");
    const mayEnd = open >= at && text.length - open < longestEnd;
    this.#add(text.slice(at, mayEnd ? open : text.length), pieces);
    return this.#wait(text, mayEnd ? open : text.length);
  }

  #wait(text: string, at: number): number {
    this.#pending = text.slice(at);
    return -1;
  }

  #add(text: string, pieces: TextPiece[]): void {
    if (text !== "") pieces.push({ kind: this.#kind, text });
  }
}
