import { classifyJson } from "../../json/classify-json.ts";
import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { CallCut } from "../response/map-finish-reason.ts";
import type { DroppedKeys } from "./dropped-keys.ts";
import { GatheredText } from "./gathered-text.ts";
import { MemberFilter } from "./member-filter.ts";
import { repairJson } from "./repair-json.ts";

/** How the arguments of a call ended. */
export type ArgumentsEnding =
  /** All is well; `rest` is still to be sent. */
  | { kind: "complete"; rest: string; warning?: string }
  /** The text breaks off although no finish reason lets expect it. */
  | { kind: "broken-off" }
  /** The text breaks off, as the finish reason lets expect. */
  | { kind: "cut"; rest: string }
  /** Fragments that are no JSON were forwarded already. */
  | { kind: "not-json"; rest: string };

/**
 * The arguments of one tool call, from fragments to text for the client (rule 3.5). Forwards fragments as they
 * come, unless it was made to buffer or the text does not start as an object: then all is held until the end,
 * where it can still be mended.
 */
export class ToolArguments {
  readonly #dropped: DroppedKeys;
  readonly #filter: MemberFilter;
  #isBuffering: boolean;
  readonly #raw = new GatheredText();
  readonly #filtered = new GatheredText();
  /** The end of the filtered text that was not handed out. */
  readonly #unsent = new GatheredText();
  #sentLength = 0;
  #hasText = false;

  constructor(options: { isBuffering: boolean; dropped: DroppedKeys }) {
    this.#dropped = options.dropped;
    this.#filter = new MemberFilter(options.dropped);
    this.#isBuffering = options.isBuffering;
  }

  push(fragment: string): void {
    const passed = this.#filter.push(fragment);
    this.#raw.add(fragment);
    this.#filtered.add(passed);
    if (!this.#hasText) this.#hasText = fragment.trim() !== "";
    if (this.#filter.isPassing) this.#isBuffering = true;
    if (!this.#isBuffering) this.#unsent.add(passed);
  }

  /** True once a whole object is there. */
  get isComplete(): boolean {
    return this.#filter.isDone;
  }

  /** True when there is something to repair at the end, so nothing may be sent before. */
  get isBuffering(): boolean {
    return this.#isBuffering;
  }

  get hasText(): boolean {
    return this.#hasText;
  }

  /** Text that may go to the client now and was not handed out before. */
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
    return this.#isBuffering ? this.#finishBuffered(text, cut) : this.#finishForwarded(text, cut);
  }

  #finishForwarded(text: string, cut: CallCut): ArgumentsEnding {
    const rest = text.slice(this.#sentLength);
    this.#sentLength = text.length;
    const completeness = classifyJson(text);
    if (completeness === "complete") return this.#withWarning(rest);
    if (cut === "expected") return { kind: "cut", rest };
    return completeness === "incomplete" ? { kind: "broken-off" } : { kind: "not-json", rest };
  }

  #finishBuffered(text: string, cut: CallCut): ArgumentsEnding {
    const value = parseJson(text);
    if (isJsonObject(value)) return this.#withWarning(text);
    if (value !== undefined) return { kind: "complete", rest: this.#objectText(value) };
    // Arguments whose last bracket has come are broken, not cut.
    if (cut === "expected" && !this.isComplete) {
      // A call whose start went out before such text came must not end without arguments.
      return { kind: "cut", rest: this.#filter.isPassing ? this.#unparsed() : "" };
    }
    if (cut === "possible" && classifyJson(text) === "incomplete") return { kind: "broken-off" };
    const repaired = repairJson(text);
    if (repaired !== null) {
      const rest = isJsonObject(parseJson(repaired)) ? repaired : this.#objectText(parseJson(repaired));
      return { kind: "complete", rest, warning: "tool arguments were no valid JSON and were repaired" };
    }
    return {
      kind: "complete",
      rest: this.#unparsed(),
      warning: "tool arguments were no valid JSON",
    };
  }

  /** JSON that is no object: an object written as a string is unwrapped once, everything else becomes `value`. */
  #objectText(value: unknown): string {
    if (typeof value === "string" && isJsonObject(parseJson(value))) {
      return new MemberFilter(this.#dropped).push(value);
    }
    return JSON.stringify({ value });
  }

  /** Text that is no JSON, so that the model hears what it wrote. */
  #unparsed(): string {
    return JSON.stringify({ __unparsed_arguments: this.#raw.text });
  }

  #withWarning(rest: string): ArgumentsEnding {
    if (!this.#filter.hasIgnored) return { kind: "complete", rest };
    return { kind: "complete", rest, warning: "text behind the tool arguments was left out" };
  }
}
