import type { RequestedTools } from "../request/requested-tools.ts";
import { GatheredText } from "./gathered-text.ts";
import { type CallMark, callMarks } from "./notations/call-notations.ts";
import { encodeArguments } from "./notations/encode-arguments.ts";
import type { WrittenCall } from "./notations/written-call.ts";
import { findRequestedTool } from "./tool-call-slot.ts";

/** A call that was written into the text, as the deltas of real calls have it. */
export interface LeakedToolCall {
  name: string;
  /** JSON text of an object. */
  arguments: string;
}

/** No mark is without one, at its beginning. */
const signs = /[<[`]/;
const longestMark = Math.max(...callMarks.map(({ text }) => text.length));

/** What models end an answer with, where it is left in the text. */
const endTokens = [
  "<|im_end|>",
  "<|endoftext|>",
  "<｜end▁of▁sentence｜>",
  "<|end|>",
  "<turn|>",
  "[e~[",
  "</s>",
];

/**
 * Finds tool calls that leaked into the text: servers whose parser does not know the model's format, or fails at it,
 * pass the model's own notation on. Text is held from the first mark to the end of the answer, and counts as calls
 * only when all of it is calls of tools that were offered; else it is text.
 */
export class LeakedToolCalls {
  readonly #tools: RequestedTools;
  readonly #marks: readonly CallMark[];
  /** Marks are believed wherever they stand. */
  readonly #isTrusting: boolean;
  /** Some text has come that is not blank. */
  #hasBegun = false;
  /** What may be the beginning of a mark. */
  #beginning = "";
  #mark: CallMark | null = null;
  /** From the first mark on. */
  readonly #held = new GatheredText();

  constructor(tools: RequestedTools, isTrusting: boolean) {
    this.#tools = tools;
    this.#isTrusting = isTrusting;
    this.#marks = isTrusting ? callMarks : callMarks.filter(({ trust }) => trust !== "local");
  }

  /** Something is held that `finish` will tell. */
  get isHolding(): boolean {
    return this.#beginning !== "" || !this.#held.isEmpty;
  }

  /** Returns what is certainly text. */
  push(text: string): string {
    if (this.#mark !== null) {
      this.#held.add(text);
      return "";
    }
    const pending = this.#beginning + text;
    this.#beginning = "";
    if (!signs.test(pending)) return this.#show(pending);
    const start = this.#findMark(pending);
    if (start !== -1) {
      this.#held.add(pending.slice(start));
      return pending.slice(0, start);
    }
    const length = pending.length - this.#unclearLength(pending);
    this.#beginning = pending.slice(length);
    return this.#show(pending.slice(0, length));
  }

  /** The held text as it is. Nothing may come any more. */
  release(): string {
    return this.#beginning + this.#held.text;
  }

  /** The calls that the held text tells, or the text itself. Nothing may come any more. */
  finish(): { calls: LeakedToolCall[]; text: string } {
    const text = this.release();
    const calls = this.#mark === null ? null : this.#encode(this.#mark.read(withoutEndToken(text)) ?? []);
    return calls === null ? { calls: [], text } : { calls, text: "" };
  }

  #show(text: string): string {
    this.#hasBegun ||= text.trim() !== "";
    return text;
  }

  #findMark(text: string): number {
    let first = -1;
    for (const mark of this.#marks) {
      const at = text.indexOf(mark.text);
      if (at === -1 || (first !== -1 && at > first) || !this.#isBelieved(mark, text, at)) continue;
      first = at;
      this.#mark = mark;
    }
    return first;
  }

  #isBelieved(mark: CallMark, text: string, at: number): boolean {
    if (this.#isTrusting || mark.trust === "anywhere") return true;
    return !this.#hasBegun && text.slice(0, at).trim() === "";
  }

  /** How many characters at the end of the text may begin a mark. */
  #unclearLength(text: string): number {
    const from = Math.max(0, text.length - longestMark + 1);
    for (let at = from; at < text.length; at += 1) {
      if (!signs.test(text.charAt(at))) continue;
      const end = text.slice(at);
      if (this.#marks.some((mark) => mark.text.startsWith(end) && this.#isBelieved(mark, text, at)))
        return end.length;
    }
    return 0;
  }

  /** Null unless there are calls, and all of them are calls of tools that were offered. */
  #encode(written: readonly WrittenCall[]): LeakedToolCall[] | null {
    const calls: LeakedToolCall[] = [];
    for (const call of written) {
      const tool = findRequestedTool(this.#tools, call.name);
      const json = tool === null ? null : encodeArguments(call, tool);
      if (json === null) return null;
      calls.push({ name: call.name, arguments: json });
    }
    return calls.length === 0 ? null : calls;
  }
}

function withoutEndToken(text: string): string {
  const trimmed = text.trim();
  const token = endTokens.find((candidate) => trimmed.endsWith(candidate));
  return token === undefined ? trimmed : trimmed.slice(0, -token.length).trimEnd();
}
