import type { ChatMessageDialect, ChatRequestDialect } from "../../../profiles/chat-dialect.ts";
import { planAnswer } from "../../../translate/answer/plan-answer.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { passKnownFields } from "../../../translate/conversation/pass-known-fields.ts";
import { addNotes, createRequestNotes, type RequestNotes } from "../../../translate/request-notes.ts";
import { cleanFunctions } from "../../../translate/tools/clean-functions.ts";
import { type SettledTools, settleToolChoice } from "../../../translate/tools/settle-tool-choice.ts";
import { insistsOnCall } from "../../../translate/tools/tool-choice-wish.ts";
import type { BuiltRequest } from "../../protocol.ts";
import { type BuildOptions, createRequestBuilder } from "../../request-builder.ts";
import type { ChatRequest, ServerTool } from "../chat-request.ts";
import { convertFunction } from "./convert-function.ts";
import { beginConversion, type Conversion, convertTurns } from "./convert-messages.ts";
import { convertServerTool, convertStandingSearch } from "./convert-server-tool.ts";
import { convertSystem } from "./convert-system.ts";
import { finishPrefill } from "./finish-prefill.ts";
import { limitCacheMarks } from "./limit-cache-marks.ts";
import { mapOutputFormat } from "./map-output-format.ts";
import { mapSampling, mapStopSequences } from "./map-sampling.ts";
import { type MappedThinking, mapThinking } from "./map-thinking.ts";
import { mapToolChoice } from "./map-tool-choice.ts";

/**
 * The chat request for a client's request, with the facts that the answer's translation needs. Pure: the same request
 * gives the same bytes, and a longer conversation begins with the bytes of the one before (rule 1.4).
 */
export const { build: buildChatRequest, buildInParts } = createRequestBuilder<Writing, ChatRequest>({
  begin: beginWriting,
  convertTurns: ({ conversion }, from, to) => convertTurns(conversion, from, to),
  end: endWriting,
});

/** A request while it is written. */
interface Writing {
  asked: Asked;
  options: BuildOptions;
  thinking: MappedThinking;
  tools: SettledTools<"required" | "any", ServerTool>;
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
  const cleaned = cleanFunctions(asked.tools, profile.traits.tools, profile.chat.tools.strict, notes);
  const thinking = mapThinking(asked.thinking, situation, profile.chat, notes);
  const tools = settleToolChoice(
    {
      choice,
      functions: cleaned,
      serverTools: serverTools.map(convertServerTool),
      thinkingIsOn: thinking.isOn,
      hasCalls: asked.calledNames.size > 0,
    },
    { ...profile.chat.toolChoice, parallelCalls: profile.chat.tools.parallelCalls },
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
}: Writing): Pick<BuiltRequest<ChatRequest>, "body" | "plan"> {
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
    ...passKnownFields(asked.others, chat.request.passedKeys, notes),
    ...(chat.messages.cacheMarks === "keep" &&
      asked.cacheMark !== null && { cache_control: asked.cacheMark }),
    ...(standingSearch !== null && { web_search_options: convertStandingSearch(standingSearch) }),
    ...mapTools(tools, chat.messages),
    // Last, so that a growing conversation begins with the same bytes each time.
    messages: [...system, ...messages],
  };
  limitCacheMarks(chatRequest, chat.messages);
  return {
    body: chatRequest,
    plan: planAnswer(asked, {
      model,
      maxTokens: outputLimit,
      functions: tools.functions,
      watchesStopSequences: stops.mustWatch,
      thinkingIsOn: thinking.isOn,
      prefill,
    }),
  };
}

function mapStream(
  isStreamed: boolean,
  { functions }: Pick<Writing["tools"], "functions">,
  dialect: ChatRequestDialect,
): Partial<ChatRequest> {
  if (!isStreamed) return {};
  return {
    stream: true,
    ...(dialect.asksForUsage && { stream_options: { include_usage: true } }),
    ...(dialect.asksForToolStream && functions.length > 0 && { tool_stream: true }),
  };
}

function mapTools(tools: Writing["tools"], dialect: ChatMessageDialect): Partial<ChatRequest> {
  const chatTools = tools.functions.map((tool) => convertFunction(tool, dialect));
  const sent = [...chatTools, ...tools.serverTools];
  return sent.length === 0 ? {} : { tools: sent, ...mapToolChoice(tools) };
}
