import type { RequestedTools } from "../../tools/requested-tools.ts";
import { findRequestedTool } from "../calls/find-requested-tool.ts";
import { GatheredText } from "../gathered-text.ts";
import { type CallMark, callMarks } from "../notations/call-notations.ts";
import { encodeArguments } from "../notations/encode-arguments.ts";
import type { WrittenCall } from "../notations/written-call.ts";

/** A call that was written into the text, in the form of a real one. */
export interface LeakedToolCall {
  name: string;
  /** JSON text of an object. */
  arguments: string;
}

/** The marks by the code of their first character: it is looked for in every piece of every text. */
const byFirstCode = new Map<number, CallMark[]>();
for (const mark of callMarks) {
  const code = mark.text.charCodeAt(0);
  byFirstCode.set(code, [...(byFirstCode.get(code) ?? []), mark]);
}
const [bracket, square, backtick] = ["<", "[", "`"].map((sign) => sign.charCodeAt(0));

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
  }

  /** Something is held that `finish` will tell. */
  get isHolding(): boolean {
    return this.#mark !== null || this.#beginning !== "";
  }

  /** Returns what is certainly text. */
  push(text: string): string {
    if (this.#mark !== null) {
      this.#held.add(text);
      return "";
    }
    const pending = this.#beginning === "" ? text : this.#beginning + text;
    const certain = this.#findMark(pending);
    const rest = certain === pending.length ? "" : pending.slice(certain);
    if (this.#mark === null) this.#beginning = rest;
    else this.#held.add(rest);
    const shown = rest === "" ? pending : pending.slice(0, certain);
    this.#hasBegun ||= shown.trim() !== "";
    return shown;
  }

  /** The held text as it is. Nothing may come any more. */
  release(): string {
    return this.#mark === null ? this.#beginning : this.#held.text;
  }

  /** The calls that the held text tells, or the text itself. Nothing may come any more. */
  finish(): { calls: LeakedToolCall[]; text: string } {
    const text = this.release();
    const calls = this.#mark === null ? null : this.#encode(this.#mark.read(withoutEndToken(text)) ?? []);
    return calls === null ? { calls: [], text } : { calls, text: "" };
  }

  /** Where a mark begins, which is kept, or what may become one; the length of the text when nothing does. */
  #findMark(text: string): number {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code !== bracket && code !== square && code !== backtick) continue;
      for (const mark of byFirstCode.get(code) ?? []) {
        const isWhole = text.startsWith(mark.text, at);
        const isBeginning =
          !isWhole && text.length - at < mark.text.length && mark.text.startsWith(text.slice(at));
        if ((!isWhole && !isBeginning) || !this.#isBelieved(mark, text, at)) continue;
        if (isWhole) this.#mark = mark;
        return at;
      }
    }
    return text.length;
  }

  #isBelieved(mark: CallMark, text: string, at: number): boolean {
    if (this.#isTrusting || mark.trust === "anywhere") return true;
    return mark.trust === "at-start" && !this.#hasBegun && text.slice(0, at).trim() === "";
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
