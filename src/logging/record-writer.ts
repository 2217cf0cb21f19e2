import type { LogRecord } from "@logtape/logtape";
import type { LogLevel } from "../config/config.ts";
import type { BoundRecord } from "./bound-record.ts";
import { escapeControlCharacters } from "./escape-control-characters.ts";
import { createLogFile } from "./log-file.ts";

/** A request on its way into the log. */
export interface LeveledRequest extends BoundRecord {
  readonly level: LogLevel;
}

/** Puts records into the log file and never throws. */
export interface RecordWriter {
  /** Opens the file before there is a record; the reason when that cannot be, else null. */
  open(): string | null;
  /** `properties` become members of the record beside `time`, `level` and `event`, and win over them. */
  write(level: LogLevel, event: string, properties: Record<string, unknown>): void;
  /** Puts a record for each request into the file, all with one write; their `time` is when the request arrived. */
  writeRequests(requests: readonly LeveledRequest[]): void;
  close(): void;
}

/** A body of more characters is cut in the log, or one image would push out a day of records. */
const longestBody = 2_000_000;

/** A line of more characters loses its lists: a control character is six of them. */
const longestLine = 65_536;

/** Behind what is kept of it so much more is searched for keys: none that begins before the cut ends behind that. */
const searchedBehindBody = 65_536;

const lossReportIntervalMs = 60_000;

const fileLevels = { DEBUG: "debug", INFO: "info", WARN: "warning", ERROR: "error" } as const;

/** Keys are taken out first, or the beginning of one that is cut would stay. */
function cutBody(body: unknown, redact: (text: string) => string): unknown {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  if (text.length <= longestBody) return body;
  const start = redact(text.slice(0, longestBody + searchedBehindBody)).slice(0, longestBody);
  return { cutFromCharacters: text.length, start };
}

function formatFileLine(
  { timestamp, level, rawMessage, properties }: LogRecord,
  redact: (text: string) => string,
): string {
  const head = { time: new Date(timestamp).toISOString(), level, event: rawMessage };
  const body = "body" in properties ? { body: cutBody(properties["body"], redact) } : {};
  return JSON.stringify({ ...head, ...properties, ...body });
}

function formatRequest({ level, record }: LeveledRequest): string {
  // As a text, because a Date among the members makes JSON.stringify take twice as long.
  const head = { time: record.time.toISOString(), level: fileLevels[level], event: "request" };
  const { upstream, tried } = record;
  // Without a configuration file there is nothing to tell them apart by: JSON leaves out what is undefined.
  const places = { upstream: upstream ?? undefined, tried: tried.length === 0 ? undefined : tried };
  return JSON.stringify({ ...head, ...record, ...places, time: head.time });
}

/** The lists of a request by the number of their entries. */
function withoutLists({ record, ...rest }: LeveledRequest): LeveledRequest {
  const { dropped, repairs, warnings, tried } = record;
  const count = (list: readonly string[]) => [`${list.length} entries`];
  return {
    ...rest,
    record: {
      ...record,
      dropped: count(dropped),
      repairs: count(repairs),
      warnings: count(warnings),
      tried: tried.slice(-4),
    },
  };
}

function safeLine(json: string, redact: (text: string) => string): string {
  return `${escapeControlCharacters(redact(json))}\n`;
}

function formatLine(request: LeveledRequest, redact: (text: string) => string): string {
  const json = formatRequest(request);
  return request.isPlain ? `${json}\n` : safeLine(json, redact);
}

function requestLine(request: LeveledRequest, redact: (text: string) => string): string {
  const line = formatLine(request, redact);
  return line.length <= longestLine ? line : formatLine(withoutLists(request), redact);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Counts the records that could not be written, and reports how many they are once a minute. */
function createLossCounter(reportText: (text: string) => void, now: () => Date) {
  let lostRecords = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  function report(error: unknown): void {
    reportText(
      `The log file cannot be written (${reasonOf(error)}). Records lost so far: ${lostRecords}. Requests are still served.`,
    );
  }

  return {
    count(records: number, error: unknown): void {
      lostRecords += records;
      const nowMs = now().getTime();
      // The clock may have been set back meanwhile.
      if (Math.abs(nowMs - reportedAtMs) < lossReportIntervalMs) return;
      reportedAtMs = nowMs;
      report(error);
    },
    /** Reports a loss whenever the last report was. */
    report,
  };
}

/**
 * Creates the writer of the log file. It survives a full disk: records that cannot be written are counted, and the
 * count is reported once a minute.
 * @param redact takes keys out of a line
 * @param report shows the user one sentence or more
 */
export function createRecordWriter(options: {
  path: string;
  redact: (text: string) => string;
  report: (text: string) => void;
  now: () => Date;
}): RecordWriter {
  const { redact, report, now } = options;
  const file = createLogFile(options.path, {
    formatter: (record) => safeLine(formatFileLine(record, redact), redact),
    report,
  });
  const losses = createLossCounter(report, now);

  return {
    open() {
      try {
        file.open();
        return null;
      } catch (error) {
        return reasonOf(error);
      }
    },
    write(level, event, properties) {
      const timestamp = now().getTime();
      try {
        file.write({
          category: [],
          level: fileLevels[level],
          message: [event],
          rawMessage: event,
          timestamp,
          properties,
        });
      } catch (error) {
        losses.count(1, error);
      }
    },
    writeRequests(requests) {
      try {
        // Not redacted by the names of members, as these are ours: that would be most of what a record costs.
        file.append(requests.map((request) => requestLine(request, redact)).join(""));
      } catch (error) {
        losses.count(requests.length, error);
      }
    },
    close() {
      try {
        file.close();
      } catch (error) {
        losses.report(error);
      }
    },
  };
}
