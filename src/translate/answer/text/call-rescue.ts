import type { AnswerTraits } from "../../../profiles/model-traits.ts";
import type { RequestedTools } from "../../tools/requested-tools.ts";
import { type LeakedToolCall, LeakedToolCalls } from "./leaked-tool-calls.ts";

/** The result for text that was held until the end of an answer. */
export interface Rescued {
  reasoning: string;
  text: string;
  calls: LeakedToolCall[];
}

/**
 * Finds calls that were written into an answer's text, or into its reasoning by models that call before they end their
 * thinking. Calls in the reasoning count only if neither text nor a call follows (rule 3.3). Does nothing if no tools
 * were offered.
 */
export class CallRescue {
  /** Null once a call came that the server itself had parsed. */
  #text: LeakedToolCalls | null;
  /** Null once something followed the reasoning. */
  #reasoning: LeakedToolCalls | null;

  constructor({ rescuesTextToolCalls }: Pick<AnswerTraits, "rescuesTextToolCalls">, tools: RequestedTools) {
    const create = () => (tools.size === 0 ? null : new LeakedToolCalls(tools, rescuesTextToolCalls));
    this.#text = create();
    this.#reasoning = create();
  }

  /** Text is held whose meaning is known only at the end. */
  get isHolding(): boolean {
    return this.#text?.isHolding === true || this.#reasoning?.isHolding === true;
  }

  /** Returns what is certainly text. */
  pushText(text: string): string {
    return this.#text === null ? text : this.#text.push(text);
  }

  /** Returns what is certainly reasoning. */
  pushReasoning(text: string): string {
    return this.#reasoning === null ? text : this.#reasoning.push(text);
  }

  /** A call parsed by the server follows the text, which is therefore plain text: returns the held part of it. */
  endText(): string {
    const held = this.#text?.release() ?? "";
    this.#text = null;
    return held;
  }

  /** Something follows the reasoning: returns the held part of it. */
  endReasoning(): string {
    const held = this.#reasoning?.release() ?? "";
    this.#reasoning = null;
    return held;
  }

  /** Ends the text and the reasoning. */
  finish(): Rescued {
    const { calls, text } = this.#text?.finish() ?? { calls: [], text: "" };
    if (calls.length > 0 || text.trim() !== "") return { reasoning: this.endReasoning(), text, calls };
    const inReasoning = this.#reasoning?.finish() ?? { calls: [], text: "" };
    this.#reasoning = null;
    return { reasoning: inReasoning.text, text, calls: inReasoning.calls };
  }
}
