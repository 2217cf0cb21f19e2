import type { CountTokensRequest, MessagesRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject } from "../../json/json-value.ts";
import type { ChatRequest } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { ChatRequestPlan } from "./chat-request-plan.ts";
import { convertMessages } from "./convert-messages.ts";
import { convertSystem } from "./convert-system.ts";
import { convertTools } from "./convert-tools.ts";
import { findSessionId } from "./find-session-id.ts";
import { finishPrefill, isPrefilled } from "./finish-prefill.ts";
import { limitCacheMarks } from "./limit-cache-marks.ts";
import { mapOutputFormat } from "./map-output-format.ts";
import { mapSampling, mapStopSequences } from "./map-sampling.ts";
import { mapThinking, readThinkingWish } from "./map-thinking.ts";
import { isForcedChoice, mapToolChoice, type ToolFields } from "./map-tool-choice.ts";
import { type Conversation, findLastUserText, readConversation } from "./read-conversation.ts";
import { passKnownFields, rejectUnsupported } from "./reject-unsupported.ts";
import { createRequestNotes, type RequestNotes } from "./request-notes.ts";
import { selectTools } from "./select-tools.ts";
import { createToolNames, type ToolNames } from "./tool-names.ts";

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
export function buildChatRequest(request: MessagesRequest, options: BuildOptions): ChatRequestPlan {
  rejectUnsupported(request);
  const { profile } = options;
  const notes = createRequestNotes();
  const passed = passKnownFields(request, profile, notes);
  const conversation = readConversation(request, profile, notes);
  const outputLimit = limitOutput(request.max_tokens, options, notes);
  const offered = offerTools(request, conversation, profile, notes);
  const wish = readThinkingWish(request, conversation.changes.effort);
  const situation = {
    hasTools: offered.functions.length > 0,
    isForced: isForcedChoice(request.tool_choice),
    isStreamed: request.stream === true,
    isPrefilled: isPrefilled(conversation.turns),
    outputLimit,
  };
  const thinking = mapThinking(wish, situation, profile, notes);
  const choice = {
    choice: request.tool_choice,
    thinkingIsOn: thinking.isOn,
    hasCalls: hasCalls(conversation),
  };
  const tools = mapToolChoice({ ...choice, ...offered }, profile, notes);
  const format = mapOutputFormat(request, situation.hasTools, profile);
  const stops = mapStopSequences(request.stop_sequences, profile);
  const { unknownReasoning } = profile;
  const converted = convertMessages(conversation.turns, {
    profile,
    model: options.model,
    toolNames: offered.toolNames,
    thinkingIsOn: thinking.isOn,
    thinkingIsUnset: wish.state === "unset",
    withoutOpaqueReasoning: options.withoutOpaqueReasoning === true,
    unknownReasoning: unknownReasoning === null ? null : (options.emptyReasoningAs ?? unknownReasoning),
    notes,
  });
  const { messages, prefill } = finishPrefill(converted, profile, notes);
  const system = convertSystem(request.system, format.instruction, profile, notes);
  const chatRequest: ChatRequest = {
    model: options.model,
    [profile.outputLimitField]: outputLimit,
    ...mapSampling(request, thinking.fields.reasoning_effort, profile, notes),
    ...stops.fields,
    ...thinking.fields,
    ...format.fields,
    ...mapStream(situation.isStreamed || thinking.mustStream, tools, profile),
    ...mapSession(request, profile),
    ...passed,
    ...mapTools(tools),
    // Last, so that the body of a conversation that goes on begins with the same bytes.
    messages: [...system, ...messages],
  };
  limitCacheMarks(chatRequest.tools ?? [], chatRequest.messages, profile);
  return {
    chatRequest,
    tools: new Map(tools.functions.map((tool) => [tool.chatTool.function.name, tool.requested])),
    usedToolIds: conversation.toolIds,
    stopSequences: stops.all,
    watchesStopSequences: stops.mustWatch,
    thinkingDisplay: request.thinking?.display === "omitted" ? "omitted" : "shown",
    thinkingIsOn: thinking.isOn,
    wantsContextManagement: isJsonObject(request.context_management),
    webSearchQuery: findWebSearchQuery(tools, conversation),
    prefill,
    mustStream: thinking.mustStream,
    dropped: [...notes.dropped],
    repairs: [...notes.repairs],
  };
}

/**
 * The chat request whose prompt tokens `count_tokens` tells (rule 7): that of `buildChatRequest`, of which only the
 * prompt is of interest. Throws ApiError as it does.
 */
export function buildCountedChatRequest(request: CountTokensRequest, options: BuildOptions): ChatRequest {
  const messagesRequest: MessagesRequest = { ...request, max_tokens: options.maxOutputTokens };
  return buildChatRequest(messagesRequest, options).chatRequest;
}

/** What was asked for, within what is configured and what the model is known to allow. */
function limitOutput(asked: number, { profile, maxOutputTokens }: BuildOptions, notes: RequestNotes): number {
  const limit = Math.min(asked, maxOutputTokens, profile.outputCeiling ?? Number.POSITIVE_INFINITY);
  if (limit < asked) notes.repairs.add(`max_tokens was lowered from ${asked} to ${limit}`);
  return limit;
}

function offerTools(
  request: MessagesRequest,
  conversation: Conversation,
  profile: Profile,
  notes: RequestNotes,
): Pick<ToolFields, "functions" | "serverTools"> & { toolNames: ToolNames } {
  const selected = selectTools(request, conversation.changes.toolChanges, profile, notes);
  const toolNames = createToolNames(
    selected.functions.map((tool) => tool.name),
    profile.toolNames,
  );
  const functions = convertTools(selected.functions, conversation.calledNames, toolNames, profile, notes);
  return { functions, serverTools: selected.serverTools, toolNames };
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

function findWebSearchQuery(tools: ToolFields, conversation: Conversation): string | null {
  const searches = tools.serverTools.some((tool) => tool.type === "openrouter:web_search");
  return searches ? findLastUserText(conversation.turns, maxQueryLength) : null;
}

function hasCalls(conversation: Conversation): boolean {
  return conversation.calledNames.size > 0;
}
