import { ApiError } from "../../anthropic/api-error.ts";
import type { ToolUseBlockParam } from "../../anthropic/content-block.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { FlatTurn, FlatUserTurn } from "./flat-turn.ts";
import { matchToolResults } from "./match-tool-results.ts";
import { continueText } from "./remove-empty-turns.ts";
import type { Turn } from "./turn.ts";

/** Reads the results of calls, turn by turn (rules 2.4.2 to 2.4.4): the last of the repairs. */
export class TurnReader {
  readonly #traits: MessageTraits;
  readonly #notes: RequestNotes;
  readonly #turns: Turn[] = [];
  /** Calls of the turn before, for which results must come. */
  #calls: ToolUseBlockParam[] = [];
  #lastSpokenIndex = -1;

  constructor(traits: MessageTraits, notes: RequestNotes) {
    this.#traits = traits;
    this.#notes = notes;
  }

  /**
   * Adds the next turn of a conversation in which the roles alternate and no turn is empty. Throws ApiError for content
   * that cannot be sent.
   */
  add(turn: FlatTurn): void {
    if (turn.role === "user") this.#addUser(turn);
    else {
      if (this.#turns.length === 0 && this.#traits.needsUserFirst) {
        this.#turns.push({ role: "user", results: [], said: [continueText] });
        this.#notes.mended.add("the conversation began with the assistant");
      }
      this.#calls = turn.items.filter((item) => item.type === "tool_use");
      this.#turns.push(turn);
    }
  }

  #addUser(turn: FlatUserTurn): void {
    if (turn.items.some((item) => item.type !== "tool_result")) this.#lastSpokenIndex = this.#turns.length;
    this.#turns.push(matchToolResults(turn, this.#calls, this.#traits, this.#notes));
    this.#calls = [];
  }

  /**
   * Returns all turns. Throws ApiError if the last one calls a tool, because the upstream then has nothing to answer.
   */
  end(): { turns: readonly Turn[]; lastSpokenIndex: number } {
    if (this.#calls.length > 0) {
      throw new ApiError("invalid_request_error", describeOpenCalls(this.#calls));
    }
    return { turns: this.#turns, lastSpokenIndex: this.#lastSpokenIndex };
  }
}

/** The Anthropic API's own words. */
function describeOpenCalls(calls: readonly ToolUseBlockParam[]): string {
  const ids = calls.map((call) => call.id).join(", ");
  return `messages: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}
