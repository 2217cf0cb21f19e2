import type { ApiError } from "../anthropic/api-error.ts";
import type { StreamEvent } from "../anthropic/stream-event.ts";
import type { Profile } from "../profiles/profile.ts";
import type { AnyProtocol, Protocol, Repair } from "../protocols/protocol.ts";
import type { Asked } from "../translate/conversation/asked.ts";
import { mapUpstreamError } from "../translate/failures/map-upstream-error.ts";
import { runNow } from "../turns/turns.ts";
import { openAnswerBody } from "../upstream/answer-body.ts";
import { receiveAnswer } from "../upstream/receive-answer.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";
import { defaultUpstreamLimits } from "../upstream/upstream-limits.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { AnswerSender } from "./answer-sender.ts";

export interface RecordedAnswer {
  /** The body as it came: a stream or a whole answer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The request that it answers. */
  readonly asked: Asked;
  /** The model id that the client asked for. */
  readonly clientModel: string;
  /** The model id that the upstream was asked for. */
  readonly model: string;
  readonly profile: Profile;
  readonly baseUrl: string;
  /** Whether the client asked for a stream: otherwise tool arguments are held until their call is complete. */
  readonly isStreamed: boolean;
}

/** What the client would have got. */
export interface ReadAnswer {
  readonly events: readonly StreamEvent[];
  /** Why the answer failed; null if it did not. */
  readonly error: ApiError | null;
  /** What was repaired in it. */
  readonly warnings: readonly string[];
  /** Whether the upstream told what the answer took: otherwise its usage is zero here, which a proxy would count. */
  readonly hasUsage: boolean;
}

/**
 * Reads an answer that was recorded, by the code that reads one from the network. Nothing is sent, and the ids that the
 * proxy makes are counted, so that the same answer always gives the same events.
 */
export async function readRecordedAnswer(
  protocol: AnyProtocol,
  recorded: RecordedAnswer,
): Promise<ReadAnswer> {
  return await protocol((known) => readWith(known, recorded));
}

async function readWith<Body extends object, Item, Fix extends Repair>(
  protocol: Protocol<Body, Item, Fix>,
  recorded: RecordedAnswer,
): Promise<ReadAnswer> {
  const reader = createReader(protocol, recorded);
  const events: StreamEvent[] = [];
  let error: ApiError | null = null;
  try {
    for (let more = await reader.read(); more !== null; more = await reader.read()) events.push(...more);
  } catch (thrown) {
    if (!(thrown instanceof UpstreamError)) throw thrown;
    error = mapUpstreamError(thrown, describePlace(recorded));
  }
  const { summary, upstreamUsage } = reader.translator;
  return { events, error, warnings: summary.warnings, hasUsage: upstreamUsage !== null };
}

function createReader<Body extends object, Item, Fix extends Repair>(
  protocol: Protocol<Body, Item, Fix>,
  recorded: RecordedAnswer,
): AnswerReader<Item> {
  const { asked, clientModel, model, profile, isStreamed } = recorded;
  const newId = createCountedIds();
  const { promptThinkTag, buffersToolArguments } = profile.traits.answer;
  return new AnswerReader(createSender(protocol, recorded), {
    plan: protocol.build(asked, { model, profile }).plan,
    createWatch: protocol.createWatch,
    createTranslator: (plan, isHeadSent) =>
      protocol.createTranslator({
        messageId: `msg_${"0".repeat(idDigits)}`,
        clientModel,
        plan,
        isHeadSent,
        profile,
        contextWindow: profile.traits.request.inputWindow,
        loneThinkTag: { known: promptThinkTag, learn: () => {} },
        newId,
        holdsToolArguments: !isStreamed || buffersToolArguments,
      }),
    guessInputTokens: () => 0,
    countInputTokens: async () => 0,
    countOutputTokens: async () => 0,
    canSendAgain: () => false,
    explainEmptyAnswer: async () => null,
    lingerMs: defaultUpstreamLimits.drainMs,
    filterEvents: null,
    takeTurn: runNow,
    onPiece: null,
    onEvents: null,
  });
}

/** Takes the recorded bytes for what the upstream sends. */
function createSender<Body extends object, Item, Fix extends Repair>(
  { decoder, path }: Protocol<Body, Item, Fix>,
  { bytes, baseUrl }: RecordedAnswer,
): AnswerSender<Item> {
  const { host } = new URL(baseUrl);
  const limits = defaultUpstreamLimits;
  return async (refusal) => {
    // Nobody is there who could be asked again.
    if (refusal !== undefined) throw refusal;
    const response = new Response(bytes);
    const body = openAnswerBody(response, {
      firstMs: limits.firstByteMs,
      idleMs: limits.idleMs,
      host,
      controller: new AbortController(),
    });
    const how = { limits, host, path, redact: (text: string) => text };
    const answer = await receiveAnswer({ response, body, attempts: 1 }, decoder, how);
    return {
      answer: { ...answer, info: { upstreamRequestId: null, attempts: 1 } },
      newPlan: null,
      noteTaken: () => {},
    };
  };
}

function describePlace({ model, profile, baseUrl }: RecordedAnswer) {
  return {
    model,
    modelSetting: null,
    baseUrl,
    protocol: profile.protocol,
    isProtocolFixed: true,
    pullCommand: null,
    // What fails here has answered once.
    hasAnswered: true,
    estimatedInputTokens: null,
    contextWindow: profile.traits.request.inputWindow,
  };
}

const idDigits = 24;

function createCountedIds(): (prefix: string) => string {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}_${String(count).padStart(idDigits, "0")}`;
  };
}
