import type { LogLevel } from "../config/config.ts";
import { boundSentence, boundValue, createRecordBounds } from "./bound-record.ts";
import { type ConsoleOptions, createConsoleWriter } from "./console-writer.ts";
import { describeError } from "./describe-error.ts";
import { hideSpelledInItems, hideSpelledKeys } from "./hide-spelled-keys.ts";
import { createRecordWriter, type LeveledRequest } from "./record-writer.ts";
import { createGrowingRedactor } from "./redact-text.ts";
import type { RequestRecord } from "./request-record.ts";
import { createTurnBatch } from "./turn-batch.ts";

/** Which of the four messages of an exchange: client to us, us to upstream, and back. */
export type BodyName = "client-request" | "upstream-request" | "upstream-response" | "client-response";

/** Writes lines to the console and records to the log file, with no key in either. Never throws. */
export interface Logger {
  /** True when bodies are wanted; lets a caller skip the work of collecting them. */
  readonly isDebug: boolean;
  /** `event` says in plain words what happened; `fields` are its circumstances. */
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
  /** Puts one of the four messages into the file; does nothing unless `isDebug`. */
  debugBody(requestId: string, name: BodyName, body: unknown): void;
  /**
   * Always one record in the file; a line on the console from INFO, at WARN and ERROR for failures only, and none for a
   * probe (`isProbe`). Both are written when the turn of the event loop ends, or before the next event or body.
   */
  request(record: RequestRecord): void;
  /** Writes what is still to be written and closes the file; a later call opens it again. */
  close(): void;
}

/** The logger of a program that reports at the start what it cannot do. */
export interface ProgramLogger extends Logger {
  /** Opens the log file before there is a record. The reason when that cannot be, else null. */
  openFile(): string | null;
  /** Adds values that may appear in no line from now on, as a changed configuration brings them. */
  addSecrets(secrets: readonly string[]): void;
}

export interface LoggerOptions extends ConsoleOptions {
  readonly level: LogLevel;
  /** Null writes no file. */
  readonly logFilePath: string | null;
  /** Values that may appear in no line. */
  readonly secrets: readonly string[];
  /** The clock; default the system's. */
  readonly now?: () => Date;
}

/** An answer is a list of what its events hold, or the text of the stream where it was passed on. */
function hideSpelled(body: unknown, redact: (text: string) => string): unknown {
  if (typeof body !== "string" && !Array.isArray(body)) return body;
  // guard: spelled keys taken out of the log; without it: body
  return typeof body === "string" ? hideSpelledKeys(body, redact) : hideSpelledInItems(body, redact);
}

const severities: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 };

function plainFields(
  fields: Readonly<Record<string, unknown>>,
  redact: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      boundValue(value instanceof Error ? describeError(value) : value, redact),
    ]),
  );
}

/** What a stopping server answers to a balancer that asks whether it is ready: no failure. */
function isNotReady({ path, errorType, status }: RequestRecord): boolean {
  return path === "/ready" && status === 503 && errorType === null;
}

/** 499 is a client that went away, which is not an error. */
function requestLevel(record: RequestRecord): Exclude<LogLevel, "DEBUG"> {
  const { status, errorType } = record;
  if (status === 499 || (status < 400 && errorType === null) || isNotReady(record)) return "INFO";
  return status >= 400 && status < 500 ? "WARN" : "ERROR";
}

/** What load balancers, `claude-proxy status` and a starting Claude Code ask, over and over. */
const probedPaths: ReadonlySet<string> = new Set([
  "/",
  "/status",
  "/health",
  "/ready",
  "/metrics",
  "/api/hello",
  "/api/event_logging/batch",
]);

function isProbe(record: RequestRecord): boolean {
  const { path, errorType, status } = record;
  return (errorType === null && status < 400 && probedPaths.has(path)) || isNotReady(record);
}

/**
 * Makes the program's logger. It has no global state: two loggers do not know of each other.
 * @returns a logger whose console lines are short and whose file holds one JSON object a line
 */
export function createLogger(options: LoggerOptions): ProgramLogger {
  const now = options.now ?? (() => new Date());
  const { redact, addSecrets } = createGrowingRedactor(options.secrets);
  let bound = createRecordBounds(redact);
  const threshold = severities[options.level];
  const consoleWriter = createConsoleWriter(options, redact, now);
  const report = (text: string) => consoleWriter.writeEvent("WARN", text, {});
  const file =
    options.logFilePath === null
      ? null
      : createRecordWriter({ path: options.logFilePath, redact, report, now });

  // Written together, as a call of the console or of the file system costs more than a line does.
  const requests = createTurnBatch<LeveledRequest>((ended) => {
    const shown = ended.filter(({ level, record }) => severities[level] >= threshold && !isProbe(record));
    if (shown.length > 0) consoleWriter.writeRequests(shown);
    file?.writeRequests(ended);
  });

  function log(level: Exclude<LogLevel, "DEBUG">, event: string, fields: Record<string, unknown>): void {
    if (severities[level] < threshold) {
      return;
    }
    requests.flush();
    const plain = plainFields(fields, redact);
    const told = boundSentence(event, redact);
    consoleWriter.writeEvent(level, told, plain);
    file?.write(level, told, plain);
  }

  return {
    openFile: () => file?.open() ?? null,
    addSecrets(secrets) {
      // What was searched so far is out of date: the requests that wait, and the memory of texts that are safe.
      requests.flush();
      addSecrets(secrets);
      bound = createRecordBounds(redact);
    },
    isDebug: options.level === "DEBUG",
    info: (event, fields = {}) => log("INFO", event, fields),
    warn: (event, fields = {}) => log("WARN", event, fields),
    error: (event, fields = {}) => log("ERROR", event, fields),
    debugBody(requestId, name, body) {
      if (options.level === "DEBUG") {
        requests.flush();
        file?.write("DEBUG", "body", { requestId, name, body: hideSpelled(body, redact) });
      }
    },
    request(unbound) {
      const bounded = bound(unbound);
      requests.add({ ...bounded, level: requestLevel(bounded.record) });
    },
    close() {
      requests.close();
      const lostLines = consoleWriter.takeLostLines();
      if (lostLines > 0) file?.write("WARN", "the console could not be written", { lostLines });
      file?.close();
    },
  };
}
