import { classifyJson } from "../../../json/classify-json.ts";
import { isJsonObject } from "../../../json/json-value.ts";
import { parseJson } from "../../../json/parse-json.ts";
import { GatheredText, type TextSoFar } from "../gathered-text.ts";
import type { CallCut } from "./call-cut.ts";
import { MemberFilter } from "./member-filter.ts";
import type { MemberRules } from "./member-rules.ts";
import { mendJson } from "./mend-json.ts";
import { readBehind } from "./read-behind.ts";

/** How the arguments of a call ended. */
export type ArgumentsEnding =
  | Complete
  | BrokenOff
  /** The text breaks off, as the end of the answer implies. */
  | { kind: "cut"; rest: string }
  /** Fragments that are not JSON were already forwarded. */
  | { kind: "not-json"; rest: string };

/**
 * The arguments are complete; `rest` is still to be sent. `others` are the arguments of further calls of the same tool.
 */
interface Complete {
  kind: "complete";
  rest: string;
  others?: readonly string[];
  warning?: string;
}

/** The text breaks off, and the end of the answer does not explain it. */
interface BrokenOff {
  kind: "broken-off";
}

const leftOut = "text behind the tool arguments was left out";
const notJson = "tool arguments were no valid JSON";

/**
 * Converts the arguments of one tool call from fragments to text for the client (rule 3.5). Forwards fragments as they
 * come, unless it was created to buffer or the text does not start as an object: then it holds everything until the
 * end, where it can still repair the text. It always holds text after the object.
 */
export class ToolArguments {
  readonly #rules: MemberRules;
  readonly #filter: MemberFilter;
  #isBuffering: boolean;
  readonly #raw = new GatheredText();
  readonly #filtered = new GatheredText();
  /** The end of the filtered text that was not taken yet. */
  readonly #unsent = new GatheredText();
  #sentLength = 0;
  #hasText = false;
  /** Whether an object follows the first one; null while nothing does. */
  #isFollowed: boolean | null = null;
  /** The object, once the call was ended. */
  #whole = "";

  constructor(options: { isBuffering: boolean; rules: MemberRules }) {
    this.#rules = options.rules;
    this.#filter = new MemberFilter(options.rules);
    this.#isBuffering = options.isBuffering;
  }

  push(fragment: string): void {
    const passed = this.#filter.push(fragment);
    this.#raw.add(fragment);
    this.#filtered.add(passed);
    if (!this.#hasText) this.#hasText = fragment.trim() !== "";
    if (this.#filter.isPassing) this.#isBuffering = true;
    if (!this.#isBuffering) this.#unsent.add(passed);
    if (this.#isFollowed === null && this.#filter.isDone && this.#filter.behind !== "")
      this.#isFollowed = this.#filter.behind.startsWith("{");
  }

  /** All fragments so far. */
  get received(): TextSoFar {
    return this.#raw;
  }

  /** True once some of the text was taken. */
  get isForwarded(): boolean {
    return this.#sentLength > 0;
  }

  /** True if the text so far is one JSON value and nothing else; no text at all means no arguments. */
  get isWhole(): boolean {
    if (!this.#hasText) return true;
    if (!this.#filter.isPassing) return this.#filter.isDone && this.#filter.behind === "";
    return parseJson(this.#raw.text) !== undefined;
  }

  /** True once there is a complete object. */
  get isComplete(): boolean {
    return this.#filter.isDone;
  }

  /**
   * True once there is nothing to wait for. An object without members is often a placeholder, and the kind of an object
   * after the first is known only at its end.
   */
  get isSettled(): boolean {
    const isPlaceholder = this.#filter.isEmpty && this.#rules.mayHaveMembers;
    return this.#filter.isDone && !isPlaceholder && this.#isFollowed !== true;
  }

  /** True if there is something to repair at the end, so that nothing may be sent before. */
  get isBuffering(): boolean {
    return this.#isBuffering;
  }

  get hasText(): boolean {
    return this.#hasText;
  }

  /** Text that may go to the client now and was not taken before. */
  take(): string {
    if (this.#isBuffering || this.#unsent.isEmpty) return "";
    const text = this.#unsent.take();
    this.#sentLength += text.length;
    return text;
  }

  /** Ends the call. */
  finish(cut: CallCut): ArgumentsEnding {
    if (!this.#hasText && !(this.#isBuffering && cut === "expected")) return { kind: "complete", rest: "{}" };
    const text = this.#filtered.text + this.#filter.flush();
    this.#whole = text;
    if (this.#filter.behind !== "") return this.#finishBehind(text, cut);
    return this.#isBuffering ? this.#finishBuffered(text, cut) : this.#finishForwarded(text, cut);
  }

  /** Ends a call with text after its object: none of it may be lost, because the call would be a different one. */
  #finishBehind(text: string, cut: CallCut): ArgumentsEnding {
    const found = readBehind(text, this.#filter.behind, this.#rules, cut);
    switch (found.kind) {
      case "nothing": {
        const ending = this.#isBuffering ? this.#finishBuffered(text, cut) : this.#finishForwarded(text, cut);
        return ending.kind === "complete" ? { warning: leftOut, ...ending } : ending;
      }
      case "calls": {
        const { kind, ...calls } = found;
        return { kind: "complete", rest: this.#isBuffering ? text : text.slice(this.#sentLength), ...calls };
      }
      case "broken-off":
        return found;
      case "unknown": {
        const all = text + this.#filter.behind;
        if (!this.#isBuffering) return { kind: "not-json", rest: all.slice(this.#sentLength) };
        return this.#unparsed(all);
      }
    }
  }

  /**
   * Interprets text that came after the call had ended, which cannot be changed any more: further calls of the same
   * tool. Such a call also shows the model any other text.
   */
  finishLate(late: string, cut: CallCut): Complete | BrokenOff {
    const text = late.trim();
    if (text === "") return { kind: "complete", rest: "" };
    const found = readBehind(this.#whole, text, this.#rules, cut);
    switch (found.kind) {
      case "nothing":
        return { kind: "complete", rest: "", warning: leftOut };
      case "calls":
        return { ...found, kind: "complete", rest: "" };
      case "broken-off":
        return found;
      case "unknown":
        return { kind: "complete", rest: "", others: [unparsedText(this.#whole + text)], warning: notJson };
    }
  }

  #finishForwarded(text: string, cut: CallCut): ArgumentsEnding {
    const rest = text.slice(this.#sentLength);
    this.#sentLength = text.length;
    const completeness = classifyJson(text);
    if (completeness === "complete") return { kind: "complete", rest };
    if (cut === "expected") return { kind: "cut", rest };
    return completeness === "incomplete" ? { kind: "broken-off" } : { kind: "not-json", rest };
  }

  #finishBuffered(text: string, cut: CallCut): ArgumentsEnding {
    const value = parseJson(text);
    if (isJsonObject(value)) return { kind: "complete", rest: text };
    if (value !== undefined) return { kind: "complete", rest: this.#objectText(text, value) };
    // If the last bracket has come, the arguments are broken, not cut.
    if (cut === "expected" && !this.isComplete) {
      // A call that was started before such text came must not end without arguments.
      return { kind: "cut", rest: this.#filter.isPassing ? unparsedText(this.#raw.text) : "" };
    }
    if (cut === "possible" && classifyJson(text) === "incomplete") return { kind: "broken-off" };
    const repaired = mendJson(text);
    if (repaired === null) return this.#unparsed(this.#raw.text);
    const mended = parseJson(repaired);
    const rest = isJsonObject(mended) ? repaired : this.#objectText(repaired, mended);
    return { kind: "complete", rest, warning: "tool arguments were no valid JSON and were repaired" };
  }

  /**
   * Converts JSON that is no object, given as text and value: an object written as a string is unwrapped once, `null`
   * becomes no arguments, everything else becomes `value`.
   */
  #objectText(text: string, value: unknown): string {
    if (value === null) return "{}";
    if (typeof value === "string" && isJsonObject(parseJson(value))) {
      const filter = new MemberFilter(this.#rules);
      return filter.push(value) + filter.flush();
    }
    // Uses the text, because the value has lost digits of a long number.
    return `{"value":${text.trim()}}`;
  }

  /** Passes on text that is not JSON, so that the model sees what it wrote. */
  #unparsed(text: string): ArgumentsEnding {
    return { kind: "complete", rest: unparsedText(text), warning: notJson };
  }
}

function unparsedText(text: string): string {
  return JSON.stringify({ __unparsed_arguments: text });
}
