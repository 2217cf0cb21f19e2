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

/** The marks by the code of their first character: every piece of every text is searched for it. */
const byFirstCode = new Map<number, CallMark[]>();
for (const mark of callMarks) {
  const code = mark.text.charCodeAt(0);
  byFirstCode.set(code, [...(byFirstCode.get(code) ?? []), mark]);
}
const [bracket, square, backtick] = ["<", "[", "`"].map((sign) => sign.charCodeAt(0));

/** Tokens with which models end an answer, if the server leaves them in the text. */
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
 * pass on the model's own notation. Text is held from the first mark to the end of the answer. It counts as calls only
 * if all of it is calls of offered tools; else it is text.
 */
export class LeakedToolCalls {
  readonly #tools: RequestedTools;
  /** Marks count wherever they occur. */
  readonly #isTrusting: boolean;
  /** Non-blank text has come. */
  #hasBegun = false;
  /** A possible beginning of a mark. */
  #beginning = "";
  #mark: CallMark | null = null;
  /** The text from the first mark on. */
  readonly #held = new GatheredText();

  constructor(tools: RequestedTools, isTrusting: boolean) {
    this.#tools = tools;
    this.#isTrusting = isTrusting;
  }

  /** Text is held whose meaning is known only in `finish`. */
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

  /** The held text, unchanged. Nothing may be pushed after this. */
  release(): string {
    return this.#mark === null ? this.#beginning : this.#held.text;
  }

  /** The calls in the held text, or the text itself. Nothing may be pushed after this. */
  finish(): { calls: LeakedToolCall[]; text: string } {
    const text = this.release();
    const calls = this.#mark === null ? null : this.#encode(this.#mark.read(withoutEndToken(text)) ?? []);
    return calls === null ? { calls: [], text } : { calls, text: "" };
  }

  /**
   * The position of a mark, which is stored, or of a possible beginning of one; the length of the text if there is
   * none.
   */
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

  /** Null unless there are calls, and all of them are calls of offered tools. */
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
