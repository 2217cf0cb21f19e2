import type { AnswerTraits } from "../../../profiles/model-traits.ts";
import type { RequestedTools } from "../../tools/requested-tools.ts";
import { type LeakedToolCall, LeakedToolCalls } from "./leaked-tool-calls.ts";

/** What is held at the end of an answer, as what it turned out to be. */
export interface Rescued {
  reasoning: string;
  text: string;
  calls: LeakedToolCall[];
}

/**
 * Finds the calls that were written into an answer's text, or into its reasoning, by models that call before they end
 * their thinking: there they count only when neither text nor a call follows (rule 3.3). Does nothing where no tool was
 * offered.
 */
export class CallRescue {
  /** Null once a call came that the server had read itself. */
  #text: LeakedToolCalls | null;
  /** Null once something followed the reasoning. */
  #reasoning: LeakedToolCalls | null;

  constructor({ rescuesTextToolCalls }: Pick<AnswerTraits, "rescuesTextToolCalls">, tools: RequestedTools) {
    const create = () => (tools.size === 0 ? null : new LeakedToolCalls(tools, rescuesTextToolCalls));
    this.#text = create();
    this.#reasoning = create();
  }

  /** Something is held that will be told in the end. */
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

  /** A call of the server's own follows the text, which then is nothing but text: returns what was held of it. */
  endText(): string {
    const held = this.#text?.release() ?? "";
    this.#text = null;
    return held;
  }

  /** Something follows the reasoning: returns what was held of it. */
  endReasoning(): string {
    const held = this.#reasoning?.release() ?? "";
    this.#reasoning = null;
    return held;
  }

  /** Nothing comes any more. */
  finish(): Rescued {
    const { calls, text } = this.#text?.finish() ?? { calls: [], text: "" };
    if (calls.length > 0 || text.trim() !== "") return { reasoning: this.endReasoning(), text, calls };
    const inReasoning = this.#reasoning?.finish() ?? { calls: [], text: "" };
    this.#reasoning = null;
    return { reasoning: inReasoning.text, text, calls: inReasoning.calls };
  }
}
