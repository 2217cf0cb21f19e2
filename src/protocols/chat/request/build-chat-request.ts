import type { CountTokensRequest, MessagesRequest } from "../../../anthropic/messages-request.ts";
import { isJsonObject } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { findSessionId } from "../../../translate/conversation/find-session-id.ts";
import { findLastUserText, readConversation } from "../../../translate/conversation/read-conversation.ts";
import { passKnownFields, rejectUnsupported } from "../../../translate/conversation/reject-unsupported.ts";
import { readThinkingWish } from "../../../translate/conversation/thinking-wish.ts";
import { createRequestNotes, type RequestNotes } from "../../../translate/request-notes.ts";
import { RequestedTools } from "../../../translate/tools/requested-tools.ts";
import type { BuiltRequest } from "../../protocol.ts";
import type { ChatMessage, ChatRequest } from "../chat-request.ts";
import { type ConversationContext, convertInParts, convertMessages } from "./convert-messages.ts";
import { convertSystem } from "./convert-system.ts";
import { finishPrefill, isPrefilled } from "./finish-prefill.ts";
import { limitCacheMarks } from "./limit-cache-marks.ts";
import { mapOutputFormat } from "./map-output-format.ts";
import { mapSampling, mapStopSequences } from "./map-sampling.ts";
import { mapThinking, type ThinkingSituation } from "./map-thinking.ts";
import { isForcedChoice, mapToolChoice, type ToolFields } from "./map-tool-choice.ts";
import { type OfferedTools, offerTools } from "./offer-tools.ts";

export interface BuildOptions {
  /** The model id the upstream is asked for. */
  model: string;
  profile: Profile;
  /** Tokens; the configured ceiling. */
  maxOutputTokens: number;
  /** Opaque reasoning is left out and unknown reasoning filled in: the upstream refused the request (rule 6.4). */
  withoutOpaqueReasoning?: boolean;
  /** deepseek: replaces the stand-in for unknown reasoning after a refusal (rule 6.4). */
  emptyReasoningAs?: "";
}

/** Characters of the last user text that tell what a web search was about. */
const maxQueryLength = 200;

/**
 * The chat request for a messages request, with what the way back needs to know. Pure: the same request gives the
 * same bytes, and one that goes on begins with the bytes of the one before (rule 1.4). Throws ApiError, naming the
 * field, for what the upstream cannot be asked without changing its meaning.
 */
export function buildChatRequest(request: MessagesRequest, options: BuildOptions): BuiltRequest<ChatRequest> {
  const reading = readRequest(request, options);
  return writeRequest(reading, convertMessages(reading.conversation.turns, reading.context));
}

/** The same in parts: a hundred thousand messages take 60 ms. */
export function* buildInParts(
  request: MessagesRequest,
  options: BuildOptions,
): Generator<void, BuiltRequest<ChatRequest>> {
  const reading = readRequest(request, options);
  yield;
  const spoken = yield* convertInParts(reading.conversation.turns, reading.context);
  yield;
  return writeRequest(reading, spoken);
}

/** All that is known before the messages are converted. */
type RequestReading = ReturnType<typeof readRequest>;

function readRequest(request: MessagesRequest, options: BuildOptions) {
  rejectUnsupported(request);
  const { profile } = options;
  const notes = createRequestNotes();
  const conversation = readConversation(request, profile, notes);
  const offered = offerTools(request, conversation, profile, notes);
  const outputLimit = limitOutput(request.max_tokens, options, notes);
  const situation: ThinkingSituation = {
    hasTools: offered.functions.length > 0,
    isForced: isForcedChoice(request.tool_choice),
    isStreamed: request.stream === true,
    isPrefilled: isPrefilled(conversation.turns),
    outputLimit,
  };
  const wish = readThinkingWish(request, conversation.changes.effort);
  const thinking = mapThinking(wish, situation, profile, notes);
  const used = { thinkingIsOn: thinking.isOn, hasCalls: conversation.calledNames.size > 0 };
  const tools = mapToolChoice({ choice: request.tool_choice, ...used, ...offered }, profile, notes);
  const stops = mapStopSequences(request.stop_sequences, profile);
  const format = mapOutputFormat(request, situation.hasTools, profile);
  const system = convertSystem(request.system, format.instruction, profile, notes);
  const context: ConversationContext = {
    ...options,
    toolNames: offered.toolNames,
    thinkingIsOn: thinking.isOn,
    thinkingIsUnset: wish.state === "unset",
    notes,
  };
  return {
    request,
    options,
    notes,
    outputLimit,
    situation,
    context,
    conversation,
    offered,
    thinking,
    tools,
    stops,
    format,
    system,
  };
}

function writeRequest(reading: RequestReading, spoken: ChatMessage[]): BuiltRequest<ChatRequest> {
  const { request, options, notes, outputLimit, situation, conversation, offered } = reading;
  const { thinking, tools, stops, format, system } = reading;
  const { profile } = options;
  const { messages, prefill } = finishPrefill(spoken, profile, notes);
  const chatRequest: ChatRequest = {
    model: options.model,
    [profile.outputLimitField]: outputLimit,
    ...mapSampling(request, thinking.fields.reasoning_effort, profile, notes),
    ...stops.fields,
    ...thinking.fields,
    ...format.fields,
    ...mapStream(situation.isStreamed || thinking.mustStream, tools, profile),
    ...mapSession(request, profile),
    ...passKnownFields(request, profile, notes),
    ...(offered.webSearchOptions && { web_search_options: offered.webSearchOptions }),
    ...mapTools(tools),
    // Last, so that the body of a conversation that goes on begins with the same bytes.
    messages: [...system, ...messages],
  };
  limitCacheMarks(chatRequest, profile);
  return {
    body: chatRequest,
    plan: {
      model: options.model,
      maxTokens: outputLimit,
      tools: new RequestedTools(tools.functions.map((tool) => [tool.chatTool.function.name, tool.requested])),
      usedToolIds: conversation.toolIds,
      stopSequences: stops.all,
      watchesStopSequences: stops.mustWatch,
      thinkingDisplay: request.thinking?.display === "omitted" ? "omitted" : "shown",
      thinkingIsOn: thinking.isOn,
      wantsContextManagement: isJsonObject(request.context_management),
      webSearchQuery: searchesTheWeb(offered) ? findLastUserText(conversation.turns, maxQueryLength) : null,
      prefill,
    },
    dropped: [...notes.dropped],
    repairs: [...notes.repairs],
  };
}

/**
 * The chat request whose prompt tokens `count_tokens` tells (rule 7): that of `buildChatRequest`, of which only the
 * prompt is of interest. Throws ApiError as it does.
 */
export function buildCountedChatRequest(request: CountTokensRequest, options: BuildOptions): ChatRequest {
  return buildChatRequest(withoutAnswer(request, options), options).body;
}

/** The same in parts. */
export function* buildCountedInParts(
  request: CountTokensRequest,
  options: BuildOptions,
): Generator<void, ChatRequest> {
  return (yield* buildInParts(withoutAnswer(request, options), options)).body;
}

function withoutAnswer(request: CountTokensRequest, { maxOutputTokens }: BuildOptions): MessagesRequest {
  return { ...request, max_tokens: maxOutputTokens };
}

/** What was asked for, within what is configured and what the model is known to allow. */
function limitOutput(asked: number, { profile, maxOutputTokens }: BuildOptions, notes: RequestNotes): number {
  const limit = Math.min(asked, maxOutputTokens, profile.outputCeiling ?? Number.POSITIVE_INFINITY);
  if (limit < asked) notes.repairs.add(`max_tokens was lowered from ${asked} to ${limit}`);
  return limit;
}

function mapStream(isStreamed: boolean, tools: ToolFields, profile: Profile): Partial<ChatRequest> {
  if (!isStreamed) return {};
  return {
    stream: true,
    ...(profile.asksForUsage && { stream_options: { include_usage: true } }),
    ...(profile.asksForToolStream && tools.functions.length > 0 && { tool_stream: true }),
  };
}

/** Keeps a conversation at the machine that has its prompt cached (rule 1.1 `metadata`). */
function mapSession(request: MessagesRequest, profile: Profile): Partial<ChatRequest> {
  const sessionId = profile.session === "none" ? null : findSessionId(request);
  return sessionId === null ? {} : { [profile.session]: sessionId };
}

function mapTools({ functions, serverTools, fields }: ToolFields): Partial<ChatRequest> {
  const tools = [...functions.map((tool) => tool.chatTool), ...serverTools];
  return tools.length === 0 ? {} : { tools, ...fields };
}

function searchesTheWeb({ serverTools, webSearchOptions }: OfferedTools): boolean {
  return webSearchOptions !== null || serverTools.some((tool) => tool.type === "openrouter:web_search");
}
