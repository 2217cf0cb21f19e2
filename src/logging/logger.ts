import type { LogLevel } from "../config/config.ts";
import { boundSentence, boundValue, createRecordBounds } from "./bound-record.ts";
import { describeError } from "./describe-error.ts";
import { formatEventLine } from "./format-event-line.ts";
import { formatRequestLine } from "./format-request-line.ts";
import { createRecordWriter, type LeveledRequest } from "./record-writer.ts";
import { createTextRedactor } from "./redact-text.ts";
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
   * Always one record in the file; one line on the console from INFO, at WARN and ERROR for failures only. Both are
   * written when the turn of the event loop ends, or before the next event or body.
   */
  request(record: RequestRecord): void;
  /** Writes what is still to be written and closes the file; a later call opens it again. */
  close(): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Null writes no file. */
  readonly logFilePath: string | null;
  /** Values that may appear in no line. */
  readonly secrets: readonly string[];
  /**
   * Takes one line, or several with line breaks between them; without the last line break. What it throws costs the
   * lines, and the file nothing.
   */
  readonly writeConsole: (line: string) => void;
  /** Whether console lines may be coloured; default false. */
  readonly useColor?: boolean;
  /** The clock; default the system's. */
  readonly now?: () => Date;
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

/** 499 is a client that went away, which is not an error. */
function requestLevel(record: RequestRecord): Exclude<LogLevel, "DEBUG"> {
  if (record.status === 499 || (record.status < 400 && record.errorType === null)) {
    return "INFO";
  }
  return record.status >= 400 && record.status < 500 ? "WARN" : "ERROR";
}

/**
 * Makes the program's logger. It has no global state: two loggers do not know of each other.
 * @returns a logger whose console lines are short and whose file holds one JSON object a line
 */
export function createLogger(options: LoggerOptions): Logger {
  const now = options.now ?? (() => new Date());
  const redact = createTextRedactor(options.secrets);
  const bound = createRecordBounds(redact);
  const useColor = options.useColor ?? false;
  const threshold = severities[options.level];
  let lostLines = 0;
  const writeConsole = (lines: readonly string[]): void => {
    try {
      options.writeConsole(lines.join("\n"));
    } catch {
      // Told of in the file, when it is closed.
      lostLines += lines.length;
    }
  };
  const writeLine = (line: string) => writeConsole([redact(line)]);
  const report = (text: string) => writeLine(formatEventLine(now(), "WARN", text, {}));
  const file =
    options.logFilePath === null
      ? null
      : createRecordWriter({ path: options.logFilePath, redact, report, now });

  // Written together, as a call of the console or of the file system costs more than a line does.
  const requests = createTurnBatch<LeveledRequest>((ended) => {
    const shown = ended.filter(({ level }) => severities[level] >= threshold);
    if (shown.length > 0) {
      writeConsole(
        shown.map(({ record, isPlain }) => {
          const line = formatRequestLine(record, useColor);
          return isPlain ? line : redact(line);
        }),
      );
    }
    file?.writeRequests(ended);
  });

  function log(level: Exclude<LogLevel, "DEBUG">, event: string, fields: Record<string, unknown>): void {
    if (severities[level] < threshold) {
      return;
    }
    requests.flush();
    const plain = plainFields(fields, redact);
    const told = boundSentence(event, redact);
    writeLine(formatEventLine(now(), level, told, plain));
    file?.write(level, told, plain);
  }

  return {
    isDebug: options.level === "DEBUG",
    info: (event, fields = {}) => log("INFO", event, fields),
    warn: (event, fields = {}) => log("WARN", event, fields),
    error: (event, fields = {}) => log("ERROR", event, fields),
    debugBody(requestId, name, body) {
      if (options.level === "DEBUG") {
        requests.flush();
        file?.write("DEBUG", "body", { requestId, name, body });
      }
    },
    request(unbound) {
      const bounded = bound(unbound);
      requests.add({ ...bounded, level: requestLevel(bounded.record) });
    },
    close() {
      requests.close();
      if (lostLines > 0) file?.write("WARN", "the console could not be written", { lostLines });
      lostLines = 0;
      file?.close();
    },
  };
}
