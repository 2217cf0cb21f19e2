import { formatEventLine, showEventLine } from "./format-event-line.ts";
import { describeEnd, formatEnd, formatRequestLine, type LineLook } from "./format-request-line.ts";
import { createPaint } from "./paint.ts";
import type { LeveledRequest } from "./record-writer.ts";
import type { RequestRecord } from "./request-record.ts";

/** Puts lines on the console, with no key in them. What the console throws costs the lines. */
export interface ConsoleWriter {
  /** `event` and `fields` are bounded already. */
  writeEvent(level: string, event: string, fields: Record<string, unknown>): void;
  /** All with one call of the console. */
  writeRequests(requests: readonly LeveledRequest[]): void;
  /** How many lines were lost since this was asked for the last time. */
  takeLostLines(): number;
}

/** A request with no key in what is shown of it: a name that is too long is cut, and so would be a key in it. */
function redactShown(record: RequestRecord, redact: (text: string) => string): RequestRecord {
  const clean = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...record,
    path: redact(record.path),
    clientModel: clean(record.clientModel),
    upstreamModel: clean(record.upstreamModel),
  };
}

function formatRequest(
  { record, isPlain }: LeveledRequest,
  look: LineLook,
  redact: (text: string) => string,
): string {
  const line = isPlain
    ? formatRequestLine(record, look)
    : redact(formatRequestLine(redactShown(record, redact), look));
  const end = describeEnd(record);
  return end === null ? line : `${line}\n${formatEnd(redact(end), record, look)}`;
}

/**
 * Makes the way to the console.
 * @param redact takes keys out of a line
 * @param getColumns the width of the terminal, asked whenever lines are written; null where the console is none
 */
export function createConsoleWriter(options: {
  writeConsole: (line: string) => void;
  redact: (text: string) => string;
  useColor: boolean;
  getColumns: () => number | null;
  now: () => Date;
}): ConsoleWriter {
  const { redact, now } = options;
  const paint = createPaint(options.useColor);
  const getLook = (): LineLook => ({ paint, columns: options.getColumns() });
  let lostLines = 0;
  const write = (lines: readonly string[]): void => {
    try {
      options.writeConsole(lines.join("\n"));
    } catch {
      lostLines += lines.length;
    }
  };
  return {
    writeEvent(level, event, fields) {
      write([showEventLine(redact(formatEventLine(now(), level, event, fields)), level, getLook())]);
    },
    writeRequests(requests) {
      const look = getLook();
      write(requests.map((request) => formatRequest(request, look, redact)));
    },
    takeLostLines() {
      const lost = lostLines;
      lostLines = 0;
      return lost;
    },
  };
}
