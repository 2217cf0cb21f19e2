import {
  type Attributes,
  type HrTime,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from "@opentelemetry/api";
import type { EndedExchange } from "../relay/exchange.ts";
import {
  describeRequest,
  describeSend,
  findSendError,
  operation,
  type UpstreamPlace,
} from "./span-attributes.ts";

/** What spans are made with. */
export interface SpanContents {
  /** Where an upstream is, by its name in traces; null if that is not known. */
  readonly locate: (upstream: string) => UpstreamPlace | null;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

const clientGoneStatus = 499;

/**
 * Writes the span of a request that has ended, and one of each of its sends below it.
 * @param parent the caller's span, if it named one
 */
export function writeSpans(
  tracer: Tracer,
  { record, trace }: EndedExchange,
  { parent, locate, redact }: SpanContents & { parent: SpanContext | undefined },
): void {
  const beganMs = record.time.getTime();
  const context = parent === undefined ? ROOT_CONTEXT : traceApi.setSpanContext(ROOT_CONTEXT, parent);
  const start = (model: string | null, kind: SpanKind, ms: number, attributes: Attributes, below = context) =>
    tracer.startSpan(
      model === null ? operation : `${operation} ${redact(model)}`,
      { kind, startTime: toTime(beganMs + ms), attributes: redactTexts(attributes, redact) },
      below,
    );
  const span = start(record.clientModel, SpanKind.SERVER, 0, describeRequest({ record, trace }));
  const inside = traceApi.setSpan(context, span);
  for (const send of trace.sends) {
    const attributes = describeSend(send, trace.family, locate(send.upstream));
    const child = start(send.model, SpanKind.CLIENT, send.startMs, attributes, inside);
    if (findSendError(send) !== null) child.setStatus({ code: SpanStatusCode.ERROR });
    child.end(toTime(beganMs + (send.ms === null ? record.durationMs : send.startMs + send.ms)));
  }
  // A client that goes away is no error. The words of an error may quote what was said, so they stay here.
  const hasFailed = record.errorType !== null && record.status !== clientGoneStatus;
  if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(toTime(beganMs + record.durationMs));
}

/** Milliseconds since 1970 as seconds and nanoseconds. */
function toTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)];
}

function redactTexts(attributes: Attributes, redact: (text: string) => string): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "string" ? redact(value) : value,
    ]),
  );
}
