import type { JsonObject } from "../../json/json-value.ts";
import type { FinishedNotes } from "../request-notes.ts";
import type { AskedTools } from "../tools/read-tools.ts";
import type { OtherFields } from "./read-other-fields.ts";
import type { SaidText } from "./said-part.ts";
import type { ThinkingWish } from "./thinking-wish.ts";
import type { Turn } from "./turn.ts";

/** Sampling parameters; null for each that the client did not set. */
export interface SamplingWish {
  temperature: number | null;
  topP: number | null;
  topK: number | null;
}

/**
 * The client's request, repaired and with its content read, but not yet written for any wire. A wire writes its own
 * request from this alone, as often as necessary, and changes nothing in it.
 */
export interface Asked {
  /** No text is empty; without the instruction that an output schema may need. */
  system: readonly SaidText[];
  /** They alternate and none is empty. */
  turns: readonly Turn[];
  /** The index of the last turn in which the user says something besides results; -1 if there is none. */
  lastSpokenIndex: number;
  /** The client has begun the answer: the last turn is the assistant's (rule 2.4.8). */
  isPrefilled: boolean;
  tools: AskedTools;
  /** Names of all tools that were called in the conversation, as the client knows them. */
  calledNames: ReadonlySet<string>;
  /** Ids of all calls and results of the conversation, as the client knows them. */
  usedToolIds: ReadonlySet<string>;
  /** The user's last text, if the upstream should search the web; else null. */
  webSearchQuery: string | null;
  thinking: ThinkingWish;
  thinkingDisplay: "shown" | "omitted";
  sampling: SamplingWish;
  /** None of them is blank. */
  stopSequences: readonly string[];
  /** In tokens; within the configured limit and the model's own, if known. */
  outputLimit: number;
  isStreamed: boolean;
  /** A schema for the answer, which should be JSON; null if there is none. */
  outputSchema: JsonObject | null;
  /** The id of the client's session, if the upstream should get it; else null. */
  sessionId: string | null;
  /** The cache mark at the top of the request, or null. */
  cacheMark: JsonObject | null;
  others: OtherFields;
  wantsContextManagement: boolean;
  /** The repairs before those of tools, for the log. */
  notes: FinishedNotes;
  /** The repairs in the system prompt and in results. The log lists them after a wire's notes on thinking and tools. */
  laterNotes: FinishedNotes;
}
