import type { SpanContext } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { parseTraceParent } from "./parse-trace-parent.ts";
import { type SpanContents, writeSpans } from "./write-spans.ts";

/** Sends a span of each messages request, and of each of its sends, to a collector. */
export interface Tracing extends ExchangeObserver {
  /** Sends what is left, for a moment at most. */
  close(): Promise<void>;
}

export interface TracingOptions extends SpanContents {
  readonly version: string;
  /** Is told once when the collector takes no spans, and again when it did and stops. */
  readonly warn: (event: string, fields: Record<string, unknown>) => void;
}

/** How long the end of the program may be delayed. */
const lastSendMs = 1_000;
const batchMs = 1_000;
/** Spans beyond these are dropped while the collector takes none. */
const mostWaiting = 2_048;

/**
 * Starts sending traces. The collector, its headers and the rest are read by the exporter itself, from the environment
 * as OpenTelemetry defines it.
 */
export function createTracing({ version, locate, redact, warn }: TracingOptions): Tracing {
  const named = resourceFromAttributes({ "service.name": "claude-proxy", "service.version": version });
  const provider = new TracerProvider({
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: tellFailures(new OTLPTraceExporter(), warn),
        scheduledDelayMillis: batchMs,
        maxQueueSize: mostWaiting,
      }),
    ],
  });
  const tracer = provider.getTracer("claude-proxy", version);
  /** Of running requests. */
  const parents = new Map<string, SpanContext>();

  return {
    begin({ requestId }, request) {
      const parent = parseTraceParent(request.headers.get("traceparent"));
      if (parent !== null) parents.set(requestId, parent);
    },
    end(ended) {
      const { requestId, path } = ended.record;
      const parent = parents.get(requestId);
      parents.delete(requestId);
      if (path.endsWith("/messages")) writeSpans(tracer, ended, { parent, locate, redact });
    },
    async close() {
      // What the collector does not take now is lost; that was said.
      const sent = provider.shutdown().catch(() => {});
      await Promise.race([sent, Bun.sleep(lastSendMs)]);
    },
  };
}

/** The same exporter, whose failures are told. Their words are not: they may quote headers, which hold keys. */
function tellFailures(exporter: SpanExporter, warn: TracingOptions["warn"]): SpanExporter {
  let isFailing = false;
  return {
    export(spans, onEnd) {
      exporter.export(spans, (result) => {
        const hasFailed = result.code !== 0;
        if (hasFailed && !isFailing) {
          warn("traces cannot be sent: the collector that OTEL_EXPORTER_OTLP_ENDPOINT names takes none", {
            code: findCode(result.error),
          });
        }
        isFailing = hasFailed;
        onEnd(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** `ECONNREFUSED`, or the HTTP status. */
function findCode(error: unknown): string | number | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && (typeof error.code === "string" || typeof error.code === "number"))
    return error.code;
  return findCode(error.cause);
}
