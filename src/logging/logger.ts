import type { LogRecord } from "@logtape/logtape";
import type { LogLevel } from "../config/config.ts";
import { escapeControlCharacters } from "./escape-control-characters.ts";
import { formatRequestLine, formatTimeOfDay } from "./format-request-line.ts";
import { createLogFile } from "./log-file.ts";
import { createTextRedactor } from "./redact-text.ts";
import type { RequestRecord } from "./request-record.ts";

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
  /** Always one record in the file; one line on the console from INFO, at WARN and ERROR for failures only. */
  request(record: RequestRecord): void;
  /** Reports what could not be written, and closes the file. */
  close(): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Null writes no file. */
  readonly logFilePath: string | null;
  /** Values that may appear in no line. */
  readonly secrets: readonly string[];
  /** Takes one line, without its line break. */
  readonly writeConsole: (line: string) => void;
  /** Whether console lines may be coloured; default false. */
  readonly useColor?: boolean;
  /** The clock; default the system's. */
  readonly now?: () => Date;
}

const severities: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 };
const fileLevels = { INFO: "info", WARN: "warning", ERROR: "error" } as const;

/** A body of more characters is cut in the log, or one image would push out a day of records. */
const longestBody = 2_000_000;

const lossReportIntervalMs = 60_000;

function formatFileLine(record: LogRecord): string {
  const time = new Date(record.timestamp).toISOString();
  return JSON.stringify({ time, level: record.level, event: record.rawMessage, ...record.properties });
}

function formatEventLine(time: Date, level: string, event: string, fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [formatTimeOfDay(time), level, event, ...pairs].join("  ");
}

/** 499 is a client that went away, which is not an error. */
function requestLevel(record: RequestRecord): Exclude<LogLevel, "DEBUG"> {
  if (record.status === 499 || (record.status < 400 && record.errorType === null)) {
    return "INFO";
  }
  return record.status >= 400 && record.status < 500 ? "WARN" : "ERROR";
}

function cutBody(body: unknown): unknown {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  return text.length > longestBody
    ? { cutFromCharacters: text.length, start: text.slice(0, longestBody) }
    : body;
}

/** The way into the file that survives a full disk: counts what was lost and says so once a minute. */
function createFileWriter(options: LoggerOptions, now: () => Date, warn: (event: string) => void) {
  const redact = createTextRedactor(options.secrets);
  const file =
    options.logFilePath === null
      ? null
      : createLogFile(
          options.logFilePath,
          (record) => `${escapeControlCharacters(redact(formatFileLine(record)))}\n`,
        );
  let lostRecords = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  function reportLoss(reason: string): void {
    warn(
      `The log file cannot be written (${reason}). Records lost so far: ${lostRecords}. Requests are still served.`,
    );
  }

  return {
    write(severity: LogRecord["level"], event: string, properties: Record<string, unknown>): void {
      const timestamp = now().getTime();
      try {
        file?.write({
          category: ["claude-proxy"],
          level: severity,
          message: [event],
          rawMessage: event,
          timestamp,
          properties,
        });
      } catch (error) {
        lostRecords += 1;
        if (timestamp - reportedAtMs >= lossReportIntervalMs) {
          reportedAtMs = timestamp;
          reportLoss(error instanceof Error ? error.message : String(error));
        }
      }
    },
    close(): void {
      try {
        file?.close();
      } catch (error) {
        reportLoss(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/**
 * Makes the program's logger. It has no global state: two loggers do not know of each other.
 * @returns a logger whose console lines are short and whose file holds one JSON object a line
 */
export function createLogger(options: LoggerOptions): Logger {
  const now = options.now ?? (() => new Date());
  const redact = createTextRedactor(options.secrets);
  const useColor = options.useColor ?? false;
  const threshold = severities[options.level];
  const writeLine = (line: string) => options.writeConsole(redact(line));
  const file = createFileWriter(options, now, (event) =>
    writeLine(formatEventLine(now(), "WARN", escapeControlCharacters(event), {})),
  );

  function log(level: Exclude<LogLevel, "DEBUG">, event: string, fields: Record<string, unknown>): void {
    if (severities[level] < threshold) {
      return;
    }
    writeLine(escapeControlCharacters(formatEventLine(now(), level, event, fields)));
    file.write(fileLevels[level], event, fields);
  }

  return {
    isDebug: options.level === "DEBUG",
    info: (event, fields = {}) => log("INFO", event, fields),
    warn: (event, fields = {}) => log("WARN", event, fields),
    error: (event, fields = {}) => log("ERROR", event, fields),
    debugBody(requestId, name, body) {
      if (options.level === "DEBUG") {
        file.write("debug", "body", { requestId, name, body: cutBody(body) });
      }
    },
    request(record) {
      const level = requestLevel(record);
      if (severities[level] >= threshold) {
        writeLine(formatRequestLine(record, useColor));
      }
      file.write(fileLevels[level], "request", { ...record });
    },
    close: file.close,
  };
}
