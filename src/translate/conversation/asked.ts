import type { JsonObject } from "../../json/json-value.ts";
import type { FinishedNotes } from "../request-notes.ts";
import type { AskedTools } from "../tools/read-tools.ts";
import type { OtherFields } from "./read-other-fields.ts";
import type { SaidText } from "./said-part.ts";
import type { ThinkingWish } from "./thinking-wish.ts";
import type { Turn } from "./turn.ts";

/** Wishes for the choice of each word; null where the client has none. */
export interface SamplingWish {
  temperature: number | null;
  topP: number | null;
  topK: number | null;
}

/**
 * What the client asks: its request, mended, its content read but not yet written for any wire. A wire writes its own
 * request from this alone, as often as it must, and changes nothing in it.
 */
export interface Asked {
  /** None of them is empty; without the instruction that an output schema may need. */
  system: readonly SaidText[];
  /** They alternate and none is empty. */
  turns: readonly Turn[];
  /** Of the last turn in which the user says something besides results; -1 for none. */
  lastSpokenIndex: number;
  /** The client has begun the answer: the last turn is the assistant's (rule 2.4.8). */
  isPrefilled: boolean;
  tools: AskedTools;
  /** Names of all tools that were called in the conversation, as the client knows them. */
  calledNames: ReadonlySet<string>;
  /** Ids of all calls and results of the conversation, as the client knows them. */
  usedToolIds: ReadonlySet<string>;
  /** What the user said last, where the upstream is to search the web; else null. */
  webSearchQuery: string | null;
  thinking: ThinkingWish;
  thinkingDisplay: "shown" | "omitted";
  sampling: SamplingWish;
  /** None of them is blank. */
  stopSequences: readonly string[];
  /** Tokens; within what is configured and what the model is known to allow. */
  outputLimit: number;
  isStreamed: boolean;
  /** The answer is to be JSON that fits it; null for no such wish. */
  outputSchema: JsonObject | null;
  /** Of the client's session, where the upstream is to know it; else null. */
  sessionId: string | null;
  /** The cache mark at the top of the request, or null. */
  cacheMark: JsonObject | null;
  others: OtherFields;
  wantsContextManagement: boolean;
  /** What was mended up to the tools, for the log. */
  notes: FinishedNotes;
  /** What was mended in the system prompt and in results. The log lists it after what a wire notes of thinking and tools. */
  laterNotes: FinishedNotes;
}
