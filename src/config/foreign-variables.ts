import type { Environment } from "./locate-folders.ts";

// What other programs tell every program by the environment.

/**
 * Whether the user has asked all programs for plain text (https://no-color.org: NO_COLOR set and not empty), or has a
 * terminal that knows nothing else.
 */
export function wantsNoColor(env: Environment = process.env): boolean {
  return (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
}

/**
 * The socket on which systemd waits for the message that the program is ready: a path, or `@` and an abstract name.
 * @returns undefined if systemd did not start this program, or if the address is no Unix socket
 */
export function getNotifySocket(env: Environment = process.env): string | undefined {
  const address = env["NOTIFY_SOCKET"];
  return address !== undefined && /^[/@]./.test(address) ? address : undefined;
}

/** The width that a program tells those whose output it shows, in columns; null if it told none. */
export function getClaimedColumns(env: Environment = process.env): number | null {
  const text = env["COLUMNS"] ?? "";
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}

/** Where OpenTelemetry's variables want traces to be sent. */
export interface TraceCollector {
  /** Host and port, for messages; null if the address is none. */
  readonly host: string | null;
  /** The exporter speaks OTLP over HTTP only. */
  readonly wantsGrpc: boolean;
}

/**
 * Finds the collector of traces that the environment names, as OpenTelemetry defines it. Its headers, which may be
 * secret, are left to the exporter.
 * @returns null if no traces are wanted
 */
export function findTraceCollector(env: Environment = process.env): TraceCollector | null {
  const read = (name: string) => (env[`OTEL_${name}`] ?? "").trim();
  const isOff = read("SDK_DISABLED").toLowerCase() === "true";
  const exporters = read("TRACES_EXPORTER");
  const address = read("EXPORTER_OTLP_TRACES_ENDPOINT") || read("EXPORTER_OTLP_ENDPOINT");
  if (isOff || address === "" || (exporters !== "" && !/\botlp\b/.test(exporters))) return null;
  const protocol = read("EXPORTER_OTLP_TRACES_PROTOCOL") || read("EXPORTER_OTLP_PROTOCOL");
  const url = URL.parse(address);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  return { host: isHttp ? url.host : null, wantsGrpc: protocol === "grpc" };
}
