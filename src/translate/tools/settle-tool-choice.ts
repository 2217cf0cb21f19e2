import type { RequestNotes } from "../request-notes.ts";
import type { CleanFunction } from "./clean-functions.ts";
import type { ToolChoiceWish } from "./tool-choice-wish.ts";

/** What an upstream makes of a tool choice, on every wire. */
export interface ToolChoiceWays<Word extends string> {
  /** The word for `any`; `omit` if there is none. */
  any: Word | "omit";
  /** How a tool is named: by an object, or by leaving out all others. */
  tool: "object" | "only-tool";
  /** Whether the upstream knows `none`. */
  none: "none" | "omit";
  /** What a forced choice becomes while the model thinks; only `omit` matters here. */
  whileThinking: string;
  /** The upstream reads the field over; worth a note. */
  isIgnored: boolean;
  /** When the upstream is told whether calls may be parallel. */
  parallelCalls: "when-disabled" | "always";
}

/** The inputs of the choice. */
export interface ToolChoiceSituation<ServerTool> {
  choice: ToolChoiceWish;
  functions: readonly CleanFunction[];
  serverTools: readonly ServerTool[];
  thinkingIsOn: boolean;
  /** The conversation contains calls. */
  hasCalls: boolean;
}

/** The tools that remain under the choice, and what is sent about their use. */
export interface SettledTools<Word, ServerTool> {
  functions: readonly CleanFunction[];
  serverTools: readonly ServerTool[];
  /** A word, or the function to call; null if nothing is sent. */
  choice: Word | "none" | CleanFunction | null;
  /** Null if nothing is sent. */
  parallel: boolean | null;
}

/** Settles which tools are sent and what the upstream is told about their use (rule 1.3). */
export function settleToolChoice<Word extends string, ServerTool>(
  situation: ToolChoiceSituation<ServerTool>,
  ways: ToolChoiceWays<Word>,
  notes: RequestNotes,
): SettledTools<Word, ServerTool> {
  const { choice, functions, serverTools } = situation;
  if (functions.length + serverTools.length === 0) {
    return { functions, serverTools, choice: null, parallel: null };
  }
  if (choice.type !== "auto" && ways.isIgnored) {
    notes.mended.add("tool_choice has no effect on this upstream");
  }
  const unchanged = { functions, serverTools, choice: null, parallel: settleParallel(choice, ways) };
  switch (choice.type) {
    case "none":
      if (ways.none === "none") return { ...unchanged, choice: "none" };
      return situation.hasCalls
        ? unchanged
        : { functions: [], serverTools: [], choice: null, parallel: null };
    case "any":
      return { ...unchanged, choice: settleAny(situation, ways, notes) };
    case "tool": {
      const named = functions.find((tool) => tool.requested.name === choice.name);
      // A tool that the upstream runs cannot be forced.
      if (named === undefined || yieldsToThinking(situation, ways)) {
        notes.dropped.add("tool_choice");
        return unchanged;
      }
      if (ways.tool === "object") return { ...unchanged, choice: named };
      const word = settleAny(situation, ways, notes);
      return { ...unchanged, functions: [named], serverTools: [], choice: word };
    }
    default:
      return unchanged;
  }
}

function settleAny<Word extends string>(
  situation: ToolChoiceSituation<unknown>,
  ways: ToolChoiceWays<Word>,
  notes: RequestNotes,
): Word | null {
  const { any: word } = ways;
  if (word !== "omit" && !yieldsToThinking(situation, ways)) return word;
  notes.dropped.add("tool_choice");
  return null;
}

/** For models that cannot stop thinking and refuse a forced choice while they think. */
function yieldsToThinking(
  { thinkingIsOn }: Pick<ToolChoiceSituation<unknown>, "thinkingIsOn">,
  { whileThinking }: Pick<ToolChoiceWays<string>, "whileThinking">,
): boolean {
  return thinkingIsOn && whileThinking === "omit";
}

/** llama.cpp allows one call at a time by default; for other servers the default is several. */
function settleParallel(
  { forbidsParallel }: ToolChoiceWish,
  { parallelCalls }: Pick<ToolChoiceWays<string>, "parallelCalls">,
): boolean | null {
  if (forbidsParallel) return false;
  return parallelCalls === "always" ? true : null;
}
