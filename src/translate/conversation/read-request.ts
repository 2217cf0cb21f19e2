import type { MessagesRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject } from "../../json/json-value.ts";
import type { ModelTraits } from "../../profiles/model-traits.ts";
import type { Profile } from "../../profiles/profile.ts";
import { createRequestNotes, type RequestNotes } from "../request-notes.ts";
import { type AskedTools, readTools } from "../tools/read-tools.ts";
import type { Asked } from "./asked.ts";
import { findSessionId } from "./find-session-id.ts";
import { type Conversation, findLastUserText, readConversation } from "./read-conversation.ts";
import { readOtherFields } from "./read-other-fields.ts";
import { readOutputFormat } from "./read-output-format.ts";
import { readSystem } from "./read-system.ts";
import { rejectUnsupported } from "./reject-unsupported.ts";
import { readThinkingWish } from "./thinking-wish.ts";
import { TurnReader } from "./turn-reader.ts";

/** The upstream for which a request is read. */
export interface ReadOptions {
  profile: Pick<Profile, "traits">;
  /** Tokens; the configured ceiling. */
  maxOutputTokens: number;
}

/** Most characters of the last user text that serve as the query of a web search. */
const maxQueryLength = 200;

/** Turns whose results are read between two yields: 5 ms at most if none is long. */
const turnsAtOnce = 10_000;

/**
 * Reads and repairs the client's request, for every wire (rules 1 and 2). Pure: the same request gives the same result,
 * and is not changed. Throws ApiError, naming the field, if the upstream cannot serve the request without a change of
 * its meaning.
 */
export function readRequest(request: MessagesRequest, options: ReadOptions): Asked {
  const reading = beginReading(request, options);
  readTurns(reading, 0, Number.POSITIVE_INFINITY);
  return endReading(reading);
}

/** The same in parts: a hundred thousand messages take 60 ms. */
export function* readInParts(request: MessagesRequest, options: ReadOptions): Generator<void, Asked> {
  const reading = beginReading(request, options);
  for (let from = 0; from < reading.conversation.turns.length; from += turnsAtOnce) {
    yield;
    readTurns(reading, from, from + turnsAtOnce);
  }
  return endReading(reading);
}

/** A request while it is read. */
interface Reading {
  traits: ModelTraits;
  request: MessagesRequest;
  conversation: Conversation;
  tools: AskedTools;
  outputLimit: number;
  system: Asked["system"];
  turns: TurnReader;
  notes: RequestNotes;
  laterNotes: RequestNotes;
}

function beginReading(request: MessagesRequest, options: ReadOptions): Reading {
  rejectUnsupported(request);
  const { traits } = options.profile;
  const notes = createRequestNotes();
  const conversation = readConversation(request, traits.messages, notes);
  const { changes, calledNames } = conversation;
  const tools = readTools(request, { changes: changes.toolChanges, calledNames }, traits.tools, notes);
  const outputLimit = limitOutput(request.max_tokens, options, notes);
  const laterNotes = createRequestNotes();
  const system = readSystem(request.system, traits.messages, laterNotes);
  const turns = new TurnReader(traits.messages, laterNotes);
  return { traits, request, conversation, tools, outputLimit, system, turns, notes, laterNotes };
}

function readTurns({ conversation, turns }: Reading, from: number, to: number): void {
  const end = Math.min(to, conversation.turns.length);
  for (let index = from; index < end; index += 1) {
    const turn = conversation.turns[index];
    if (turn !== undefined) turns.add(turn);
  }
}

function endReading(reading: Reading): Asked {
  const { traits, request, conversation, tools, outputLimit, system, notes, laterNotes } = reading;
  const { turns, lastSpokenIndex } = reading.turns.end();
  const searchesTheWeb =
    tools.standingSearch !== null || tools.serverTools.some(({ type }) => type === "web_search");
  return {
    system,
    turns,
    lastSpokenIndex,
    isPrefilled: turns.at(-1)?.role === "assistant",
    tools,
    calledNames: conversation.calledNames,
    usedToolIds: conversation.toolIds,
    webSearchQuery: searchesTheWeb ? findLastUserText(conversation.turns, maxQueryLength) : null,
    thinking: readThinkingWish(request, conversation.changes.effort),
    thinkingDisplay: request.thinking?.display === "omitted" ? "omitted" : "shown",
    sampling: {
      temperature: numberOf(request.temperature),
      topP: numberOf(request.top_p),
      topK: numberOf(request.top_k),
    },
    stopSequences: readStopSequences(request.stop_sequences),
    outputLimit,
    isStreamed: request.stream === true,
    outputSchema: readOutputFormat(request),
    sessionId: traits.request.session === "none" ? null : findSessionId(request),
    cacheMark: isJsonObject(request["cache_control"]) ? request["cache_control"] : null,
    others: readOtherFields(request),
    wantsContextManagement: isJsonObject(request.context_management),
    notes,
    laterNotes,
  };
}

/** The requested limit, within the configured limit and the model's own, if known. */
function limitOutput(asked: number, { profile, maxOutputTokens }: ReadOptions, notes: RequestNotes): number {
  const { outputCeiling } = profile.traits.request;
  const limit = Math.min(asked, maxOutputTokens, outputCeiling ?? Number.POSITIVE_INFINITY);
  if (limit < asked) notes.mended.add(`max_tokens was lowered from ${asked} to ${limit}`);
  return limit;
}

/** In a request to be counted, nobody has checked these, nor the numbers below. */
function readStopSequences(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((sequence) => typeof sequence === "string" && sequence.trim() !== "");
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
