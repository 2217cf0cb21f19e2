import { planAnswer } from "../../../translate/answer/plan-answer.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import { passKnownFields } from "../../../translate/conversation/pass-known-fields.ts";
import { addNotes, createRequestNotes, type RequestNotes } from "../../../translate/request-notes.ts";
import type { BuiltRequest } from "../../protocol.ts";
import { type BuildOptions, createRequestBuilder } from "../../request-builder.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import { beginConversion, type Conversion, convertTurns } from "./convert-input-items.ts";
import { finishPrefill } from "./finish-prefill.ts";
import { mapOutputFormat } from "./map-output-format.ts";
import { type MappedReasoning, mapReasoning } from "./map-reasoning.ts";
import { mapSampling } from "./map-sampling.ts";
import { mapSession } from "./map-session.ts";
import { type MappedTools, mapTools } from "./map-tools.ts";
import { withDemand } from "./with-demand.ts";

/** OpenAI refuses less. In tokens. */
const leastOutput = 16;

/**
 * The responses request for a client's request, with the facts that the answer's translation needs. Pure: the same
 * request gives the same bytes, and a longer conversation begins with the bytes of the one before (rule 1.4).
 */
export const { build: buildResponsesRequest, buildInParts } = createRequestBuilder<Writing, ResponsesRequest>(
  {
    begin: beginWriting,
    convertTurns: ({ conversion }, from, to) => convertTurns(conversion, from, to),
    end: endWriting,
  },
);

/** A request while it is written. */
interface Writing {
  asked: Asked;
  options: BuildOptions;
  reasoning: MappedReasoning;
  tools: MappedTools;
  conversion: Conversion;
  notes: RequestNotes;
}

function beginWriting(asked: Asked, options: BuildOptions): Writing {
  const { profile } = options;
  const notes = createRequestNotes(asked.notes);
  const reasoning = mapReasoning(asked, profile.responses.reasoning, notes);
  const tools = mapTools(asked, reasoning.isOn, profile, notes);
  addNotes(notes, asked.laterNotes);
  const conversion = beginConversion(asked, { ...options, thinkingIsOn: reasoning.isOn, notes });
  return { asked, options, reasoning, tools, conversion, notes };
}

function endWriting(writing: Writing): Pick<BuiltRequest<ResponsesRequest>, "body" | "plan"> {
  const { asked, options, reasoning, tools, conversion, notes } = writing;
  const { model, profile } = options;
  const { request: dialect } = profile.responses;
  const maxTokens = raiseOutput(asked.outputLimit, notes);
  const format = mapOutputFormat(asked.outputSchema, profile);
  const prefill = finishPrefill(conversion.input, notes);
  const body: ResponsesRequest = {
    model,
    ...mapInstructions(asked.system, format.instruction),
    ...tools.fields,
    max_output_tokens: maxTokens,
    ...mapSampling(asked.sampling, reasoning.fields.reasoning?.effort, dialect, notes),
    ...reasoning.fields,
    ...format.fields,
    ...mapInclude(reasoning, tools),
    ...mapSession(asked.sessionId, profile.traits.request),
    store: false,
    ...(asked.isStreamed && { stream: true }),
    ...(asked.isStreamed &&
      dialect.declinesObfuscation && { stream_options: { include_obfuscation: false } }),
    ...passKnownFields(asked.others, dialect.passedKeys, notes),
    // Last, so that a growing conversation begins with the same bytes each time.
    input: format.demand === null ? conversion.input : withDemand(conversion.input, format.demand),
  };
  const plan = planAnswer(asked, {
    model,
    maxTokens,
    functions: tools.functions,
    // This API knows no stop sequences.
    watchesStopSequences: asked.stopSequences.length > 0,
    thinkingIsOn: reasoning.isOn,
    prefill,
  });
  return { body, plan };
}

function raiseOutput(limit: number, notes: RequestNotes): number {
  if (limit >= leastOutput) return limit;
  notes.mended.add(`max_tokens was raised from ${limit} to ${leastOutput}`);
  return leastOutput;
}

/** The system prompt as one text; `addition` is appended as a paragraph of its own. */
function mapInstructions(
  system: Asked["system"],
  addition: string | null,
): Pick<ResponsesRequest, "instructions"> {
  const texts = system.map(({ text }) => text);
  if (addition !== null) texts.push(addition);
  return texts.length === 0 ? {} : { instructions: texts.join("\n\n") };
}

function mapInclude(
  { includesEncrypted }: MappedReasoning,
  { includesSources }: MappedTools,
): Pick<ResponsesRequest, "include"> {
  const include = [
    ...(includesEncrypted ? ["reasoning.encrypted_content"] : []),
    ...(includesSources ? ["web_search_call.action.sources"] : []),
  ];
  return include.length === 0 ? {} : { include };
}
