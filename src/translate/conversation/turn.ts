import type {
  RedactedThinkingBlockParam,
  ThinkingBlockParam,
  ToolUseBlockParam,
} from "../../anthropic/content-block.ts";
import type { CacheMark, SaidPart, SaidText } from "./said-part.ts";

/** A `system` message within the conversation, for models that accept one there. */
export interface SystemEntry {
  type: "system_entry";
  parts: SaidText[];
}

/** The one result of a call. */
export interface SaidResult {
  /** The call's id, as the client knows it. */
  callId: string;
  /** The tool's name, as the client knows it. */
  toolName: string;
  /** Empty if the tool returned nothing. */
  parts: readonly SaidPart[];
  isError: boolean;
  /** The mark on the result itself. */
  mark?: CacheMark;
}

/** Everything between two assistant turns. */
export interface UserTurn {
  role: "user";
  /** One for each call of the turn before, in the order of the calls. */
  results: SaidResult[];
  said: (SaidPart | SystemEntry)[];
}

/** Calls and reasoning are the client's own blocks. */
export type AssistantItem = SaidText | ToolUseBlockParam | ThinkingBlockParam | RedactedThinkingBlockParam;

/** In the order of its blocks; contains at least a text or a call. */
export interface AssistantTurn {
  role: "assistant";
  items: AssistantItem[];
}

/** A conversation is a list of these in which the roles alternate. */
export type Turn = UserTurn | AssistantTurn;
