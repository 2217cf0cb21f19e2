import type { ChatRequestDialect } from "../../../profiles/chat-dialect.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { addNotes, createRequestNotes, type RequestNotes } from "../../../translate/request-notes.ts";
import { RequestedTools } from "../../../translate/tools/requested-tools.ts";
import { insistsOnCall } from "../../../translate/tools/tool-choice-wish.ts";
import type { BuiltRequest, Recovery, Target } from "../../protocol.ts";
import type { ChatRequest } from "../chat-request.ts";
import { beginConversion, type Conversion, convertTurns } from "./convert-messages.ts";
import { convertServerTool, convertStandingSearch } from "./convert-server-tool.ts";
import { convertSystem } from "./convert-system.ts";
import { convertTools } from "./convert-tools.ts";
import { finishPrefill } from "./finish-prefill.ts";
import { limitCacheMarks } from "./limit-cache-marks.ts";
import { mapOutputFormat } from "./map-output-format.ts";
import { mapSampling, mapStopSequences } from "./map-sampling.ts";
import { type MappedThinking, mapThinking } from "./map-thinking.ts";
import { mapToolChoice, type ToolFields } from "./map-tool-choice.ts";
import { passKnownFields } from "./pass-known-fields.ts";

/** Where a request goes, and how it is built after a refusal. */
export type BuildOptions = Target & Recovery;

/** Turns that are converted between two yields: 5 ms at most if none is long. */
const turnsAtOnce = 10_000;

/**
 * The chat request for a client's request, with the facts that the answer's translation needs. Pure: the same request
 * gives the same bytes, and a longer conversation begins with the bytes of the one before (rule 1.4).
 */
export function buildChatRequest(asked: Asked, options: BuildOptions): BuiltRequest<ChatRequest> {
  const writing = beginWriting(asked, options);
  convertTurns(writing.conversion, 0, asked.turns.length);
  return endWriting(writing);
}

/** The same in parts: a hundred thousand messages take 60 ms. */
export function* buildInParts(
  asked: Asked,
  options: BuildOptions,
): Generator<void, BuiltRequest<ChatRequest>> {
  const writing = beginWriting(asked, options);
  for (let from = 0; from < asked.turns.length; from += turnsAtOnce) {
    yield;
    convertTurns(writing.conversion, from, from + turnsAtOnce);
  }
  yield;
  return endWriting(writing);
}

/** A request while it is written. */
interface Writing {
  asked: Asked;
  options: BuildOptions;
  thinking: MappedThinking;
  tools: ToolFields;
  conversion: Conversion;
  notes: RequestNotes;
}

function beginWriting(asked: Asked, options: BuildOptions): Writing {
  const { profile } = options;
  const notes = createRequestNotes(asked.notes);
  const { choice, functions, serverTools } = asked.tools;
  const situation = {
    hasTools: functions.length > 0,
    isForced: insistsOnCall(choice),
    isStreamed: asked.isStreamed,
    isPrefilled: asked.isPrefilled,
    outputLimit: asked.outputLimit,
  };
  const converted = convertTools(asked.tools, profile, notes);
  const thinking = mapThinking(asked.thinking, situation, profile.chat, notes);
  const tools = mapToolChoice(
    {
      choice,
      functions: converted,
      serverTools: serverTools.map(convertServerTool),
      thinkingIsOn: thinking.isOn,
      hasCalls: asked.calledNames.size > 0,
    },
    profile.chat,
    notes,
  );
  addNotes(notes, asked.laterNotes);
  const conversion = beginConversion(asked, { ...options, thinkingIsOn: thinking.isOn, notes });
  return { asked, options, thinking, tools, conversion, notes };
}

function endWriting({
  asked,
  options,
  thinking,
  tools,
  conversion,
  notes,
}: Writing): BuiltRequest<ChatRequest> {
  const { model, profile } = options;
  const { traits, chat } = profile;
  const { outputLimit, stopSequences } = asked;
  const { standingSearch } = asked.tools;
  const { session } = traits.request;
  const stops = mapStopSequences(stopSequences, chat.request);
  const format = mapOutputFormat(asked.outputSchema, asked.tools.functions.length > 0, profile);
  const system = convertSystem(asked.system, format.instruction, chat.messages);
  const { messages, prefill } = finishPrefill(conversion.messages, chat.messages, notes);
  const chatRequest: ChatRequest = {
    model,
    [chat.request.outputLimitField]: outputLimit,
    ...mapSampling(asked.sampling, thinking.fields.reasoning_effort, chat.request, notes),
    ...stops.fields,
    ...thinking.fields,
    ...format.fields,
    ...mapStream(asked.isStreamed || thinking.mustStream, tools, chat.request),
    ...(session !== "none" && asked.sessionId !== null && { [session]: asked.sessionId }),
    ...passKnownFields(asked, chat, notes),
    ...(standingSearch !== null && { web_search_options: convertStandingSearch(standingSearch) }),
    ...mapTools(tools),
    // Last, so that a growing conversation begins with the same bytes each time.
    messages: [...system, ...messages],
  };
  limitCacheMarks(chatRequest, chat.messages);
  return {
    body: chatRequest,
    plan: {
      model,
      maxTokens: outputLimit,
      tools: new RequestedTools(tools.functions.map((tool) => [tool.chatTool.function.name, tool.requested])),
      usedToolIds: asked.usedToolIds,
      stopSequences,
      watchesStopSequences: stops.mustWatch,
      thinkingDisplay: asked.thinkingDisplay,
      thinkingIsOn: thinking.isOn,
      wantsContextManagement: asked.wantsContextManagement,
      webSearchQuery: asked.webSearchQuery,
      prefill,
    },
    dropped: [...notes.dropped],
    mended: [...notes.mended],
  };
}

function mapStream(
  isStreamed: boolean,
  tools: ToolFields,
  dialect: ChatRequestDialect,
): Partial<ChatRequest> {
  if (!isStreamed) return {};
  return {
    stream: true,
    ...(dialect.asksForUsage && { stream_options: { include_usage: true } }),
    ...(dialect.asksForToolStream && tools.functions.length > 0 && { tool_stream: true }),
  };
}

function mapTools({ functions, serverTools, fields }: ToolFields): Partial<ChatRequest> {
  const tools = [...functions.map((tool) => tool.chatTool), ...serverTools];
  return tools.length === 0 ? {} : { tools, ...fields };
}
