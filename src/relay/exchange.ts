import type { ApiError } from "../anthropic/api-error.ts";
import type { Logger } from "../logging/logger.ts";
import type { RequestRecord } from "../logging/request-record.ts";
import type { BodyKeeper } from "../record/bodies/body-keeper.ts";
import { createTrace, type RequestTrace } from "../record/request-trace.ts";
import type { AnswerTranslator } from "../translate/answer/answer-translator.ts";
import { causeCodeOf } from "../upstream/error-code.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import { reportThrown } from "./report-thrown.ts";
import { runEach } from "./run-each.ts";
import { createFailureNoter } from "./trace/note-send-failure.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The members of a record that its exchange works out by itself. */
type Computed = "durationMs" | "tokensPerSecond" | "firstByteMs";

/** What the translator knows of its answer. */
type AnswerKnowledge = Pick<AnswerTranslator<unknown>, "summary" | "upstreamUsage">;

/** Never sent: how logs of other servers name a client that went away. */
const clientGoneStatus = 499;

/**
 * One request from its arrival to its one log record. Each part of the relay notes what it learns; the record is
 * written when the answer has ended, however it ended.
 */
export interface Exchange {
  readonly requestId: string;
  readonly fields: Mutable<Omit<RequestRecord, Computed>>;
  /** What the log does not tell. */
  readonly trace: RequestTrace;
  /** Milliseconds since the request arrived, on the monotonic clock. */
  elapsedMs(): number;
  /** When the first byte of the answer was sent, on the same clock; null before. */
  readonly firstByteMs: number | null;
  /** The first byte of the answer is sent; called once. */
  noteFirstByte(): void;
  /** Takes over what the translator knows of the answer. */
  noteAnswer(answer: AnswerKnowledge): void;
  noteError(error: ApiError, phase: string | null): void;
  /** The last send has failed with it, or its answer. The same error may come again, after other sends. */
  noteSendFailure(error: UpstreamError): void;
  /** The status sent to the client. */
  noteStatus(status: number): void;
  /** The client went away before its answer was whole: no status reaches it any more. */
  noteClientGone(): void;
  /** Calls the function when the exchange ends; at once when it has ended. */
  onEnd(release: () => void): void;
  /**
   * Gives back what was taken and writes the record; only the first call does. Never throws: whatever fails is logged,
   * and keeps nothing else from being given back.
   */
  end(): void;
}

/** One request that has ended, and all that was found out about it. */
export interface EndedExchange {
  readonly record: RequestRecord;
  readonly trace: RequestTrace;
}

/** Looks at requests from the side: the record, the metrics, the traces, the caps. */
export interface ExchangeObserver {
  /** A request has arrived. */
  begin?(exchange: Exchange, request: Request): void;
  /** Its answer has ended, however it ended. Called once for each request; what it throws is logged. */
  end(ended: EndedExchange): void;
}

export interface ExchangeDependencies {
  requestId: string;
  now: () => Date;
  logger: Pick<Logger, "request" | "error">;
  /** Who else wants to hear of it. */
  observers?: readonly ExchangeObserver[];
  /** Keeps what goes over the wires; null or left out if nobody wants it. */
  bodies?: BodyKeeper | null;
}

/** Begins the exchange of a request that has just arrived. */
export function createExchange(request: Request, deps: ExchangeDependencies): Exchange {
  const { observers = [] } = deps;
  const arrivedAtMs = performance.now();
  let firstByteMs: number | null = null;
  let isEnded = false;
  const releases: (() => void)[] = [];
  const elapsedMs = () => performance.now() - arrivedAtMs;
  const fields = createFields(request, { requestId: deps.requestId, time: deps.now() });
  const trace = createTrace(deps.bodies ?? null);

  const report = () => {
    const record = buildRecord(fields, { durationMs: elapsedMs(), firstByteMs });
    const tell = observers.map((observer) => () => observer.end({ record, trace }));
    // What nobody has taken takes no room from others.
    const release = () => void trace.bodies?.take();
    for (const failure of runEach([() => deps.logger.request(record), ...tell, release]))
      reportThrown(failure, deps);
  };

  const exchange: Exchange = {
    requestId: deps.requestId,
    fields,
    trace,
    elapsedMs,
    get firstByteMs() {
      return firstByteMs;
    },
    noteFirstByte() {
      firstByteMs = elapsedMs();
    },
    noteAnswer: (answer) => noteAnswer(fields, answer),
    noteError(error, phase) {
      // A client that is gone received no error.
      if (fields.status === clientGoneStatus) return;
      fields.errorType = error.type;
      fields.errorMessage = error.message;
      fields.phase = phase;
      fields.causeCode = causeCodeOf(error);
    },
    noteSendFailure: createFailureNoter(trace),
    noteStatus(status) {
      if (fields.status !== clientGoneStatus) fields.status = status;
    },
    noteClientGone() {
      fields.status = clientGoneStatus;
      fields.phase = "client";
    },
    onEnd(release) {
      if (isEnded) release();
      else releases.push(release);
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      for (const failure of runEach([...releases, report])) reportThrown(failure, deps);
    },
  };
  for (const observer of observers) observer.begin?.(exchange, request);
  return exchange;
}

function buildRecord(
  fields: Exchange["fields"],
  { durationMs, firstByteMs }: Pick<RequestRecord, "durationMs" | "firstByteMs">,
): RequestRecord {
  // A whole answer was being written all the time before its first byte.
  const begunMs = fields.stream === true ? firstByteMs : 0;
  const tokensPerSecond = begunMs === null ? null : ratePerSecond(fields.outputTokens, durationMs - begunMs);
  return { ...fields, durationMs, firstByteMs, tokensPerSecond };
}

/**
 * The headers that say who answers a request, and after how many sends, as it is known now: for the head of an answer,
 * so read them when the answer begins. Empty where no upstream is named, which is so without a configuration file.
 */
export function failoverHeaders({
  upstream,
  upstreamModel,
  attempts,
}: Pick<RequestRecord, "upstream" | "upstreamModel" | "attempts">): Record<string, string> {
  if (upstream === null) return {};
  return {
    "x-claude-proxy-upstream": upstream,
    "x-claude-proxy-model": toHeaderText(upstreamModel ?? ""),
    "x-claude-proxy-attempts": String(attempts),
  };
}

/** A model's id as the value of a header: a client may choose it, with characters that a header cannot hold. */
export function toHeaderText(model: string): string {
  return model.replace(/[^\x21-\x7e]/g, "?");
}

/** Nothing is known of a request yet but what its head says. */
function createFields(
  { method, url }: Request,
  { requestId, time }: Pick<RequestRecord, "requestId" | "time">,
): Exchange["fields"] {
  return {
    requestId,
    time,
    method,
    path: pathOf(url),
    kind: null,
    clientModel: null,
    upstreamModel: null,
    upstream: null,
    protocol: null,
    stream: null,
    status: 200,
    stopReason: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    thinkingTokens: null,
    usageEstimated: false,
    upstreamRequestId: null,
    attempts: 0,
    tried: [],
    dropped: [],
    repairs: [],
    warnings: [],
    errorType: null,
    errorMessage: null,
    phase: null,
    causeCode: null,
    events: null,
    sessionId: null,
    costUsd: null,
    estimateErrorPercent: null,
  };
}

function noteAnswer(fields: Exchange["fields"], { summary, upstreamUsage: told }: AnswerKnowledge): void {
  const { stopReason, usage, upstreamId, warnings } = summary;
  fields.stopReason = stopReason;
  fields.inputTokens = usage?.input_tokens ?? null;
  fields.outputTokens = usage?.output_tokens ?? null;
  fields.cacheReadTokens = usage?.cache_read_input_tokens ?? null;
  fields.cacheWriteTokens = usage?.cache_creation_input_tokens ?? null;
  fields.thinkingTokens = usage?.output_tokens_details?.thinking_tokens ?? null;
  fields.usageEstimated = usage !== null && told === null;
  fields.costUsd = told?.costUsd ?? null;
  fields.upstreamRequestId ??= upstreamId;
  fields.warnings = warnings;
}

/** Of less time than a millisecond nothing can be said. */
function ratePerSecond(tokens: number | null, ms: number): number | null {
  return tokens === null || tokens === 0 || ms < 1 ? null : tokens / (ms / 1000);
}

/** The path alone: a query may carry keys. Taken from the text, as a hostile `Host` makes the whole no URL. */
function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] || "/";
}
