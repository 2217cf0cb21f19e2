import type { Config } from "../config/config.ts";
import { findTraceCollector } from "../config/foreign-variables.ts";
import { listSecrets, listUpstreams } from "../config/list-upstreams.ts";
import type { Logger } from "../logging/logger.ts";
import { createGrowingRedactor } from "../logging/redact-text.ts";
import type { Tracing } from "../tracing/create-tracing.ts";

/** The traces of a server. */
export interface RunningTracing extends Tracing {
  /** Goes on under another configuration. */
  configure(config: Config): void;
  addSecrets(secrets: readonly string[]): void;
}

/** Sends traces if the environment names a collector; null if not, and then nothing of it is loaded. */
export async function startTracing(
  firstConfig: Config,
  { logger, version }: { logger: Pick<Logger, "info" | "warn">; version: string },
): Promise<RunningTracing | null> {
  const collector = findTraceCollector();
  if (collector === null) return null;
  const { host, wantsGrpc } = collector;
  if (wantsGrpc) {
    logger.info("no traces are sent: OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and claude-proxy sends http/json");
    return null;
  }
  if (host === null) {
    logger.warn("no traces are sent: OTEL_EXPORTER_OTLP_ENDPOINT is no address that begins with http://");
    return null;
  }
  const { createTracing } = await import("../tracing/create-tracing.ts");
  const { redact, addSecrets } = createGrowingRedactor(listSecrets(firstConfig));
  let places = locateUpstreams(firstConfig);
  const tracing = createTracing({
    version,
    locate: (upstream) =>
      places.get(upstream) ?? (places.size === 1 ? (places.values().next().value ?? null) : null),
    redact,
    warn: (event, fields) => logger.warn(event, { ...fields, collector: host }),
  });
  return {
    ...tracing,
    addSecrets,
    configure(config) {
      places = locateUpstreams(config);
    },
  };
}

/** Where the upstreams are, by their names. The only one of the settings has another name in traces. */
function locateUpstreams(config: Config) {
  return new Map(
    listUpstreams(config).map(({ name, baseUrl }) => {
      const { hostname, port, protocol } = new URL(baseUrl);
      return [name, { host: hostname, port: Number(port) || (protocol === "https:" ? 443 : 80) }] as const;
    }),
  );
}
