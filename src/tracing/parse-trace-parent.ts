import type { SpanContext } from "@opentelemetry/api";

/** The span of the caller that a `traceparent` header names (W3C Trace Context); null if it names none. */
export function parseTraceParent(header: string | null): SpanContext | null {
  const found = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(
    header?.trim() ?? "",
  );
  if (found === null) return null;
  const [, traceId = "", spanId = "", flags = "", rest] = found;
  // Only later versions have more parts.
  if (rest !== undefined && found[0].startsWith("00")) return null;
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
