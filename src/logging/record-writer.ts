import type { LogRecord } from "@logtape/logtape";
import { escapeControlCharacters } from "./escape-control-characters.ts";
import { createLogFile } from "./log-file.ts";

/** Puts records into the log file and never throws. */
export interface RecordWriter {
  /** `properties` become members of the record beside `time`, `level` and `event`, and win over them. */
  write(level: LogRecord["level"], event: string, properties: Record<string, unknown>): void;
  close(): void;
}

/** A body of more characters is cut in the log, or one image would push out a day of records. */
const longestBody = 2_000_000;

const lossReportIntervalMs = 60_000;

function cutBody(body: unknown): unknown {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  return text.length > longestBody
    ? { cutFromCharacters: text.length, start: text.slice(0, longestBody) }
    : body;
}

function formatFileLine({ timestamp, level, rawMessage, properties }: LogRecord): string {
  const head = { time: new Date(timestamp).toISOString(), level, event: rawMessage };
  const body = "body" in properties ? { body: cutBody(properties["body"]) } : {};
  return JSON.stringify({ ...head, ...properties, ...body });
}

/**
 * Makes the way into the log file that survives a full disk: what cannot be written is counted, and reported once a
 * minute.
 * @param redact takes keys out of a line
 * @param report tells the user, in one sentence or more
 */
export function createRecordWriter(options: {
  path: string;
  redact: (text: string) => string;
  report: (text: string) => void;
  now: () => Date;
}): RecordWriter {
  const file = createLogFile(
    options.path,
    (record) => `${escapeControlCharacters(options.redact(formatFileLine(record)))}\n`,
  );
  let lostRecords = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  function reportLoss(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    options.report(
      `The log file cannot be written (${reason}). Records lost so far: ${lostRecords}. Requests are still served.`,
    );
  }

  return {
    write(level, event, properties) {
      const timestamp = options.now().getTime();
      try {
        file.write({ category: [], level, message: [event], rawMessage: event, timestamp, properties });
      } catch (error) {
        lostRecords += 1;
        // The clock may have been set back meanwhile.
        if (Math.abs(timestamp - reportedAtMs) >= lossReportIntervalMs) {
          reportedAtMs = timestamp;
          reportLoss(error);
        }
      }
    },
    close() {
      try {
        file.close();
      } catch (error) {
        reportLoss(error);
      }
    },
  };
}
