import { formatEventLine, showEventLine } from "./format-event-line.ts";
import {
  describeEnd,
  describeTried,
  formatEnd,
  formatRequestLine,
  formatTried,
  type LineLook,
} from "./format-request-line.ts";
import { createPaint } from "./paint.ts";
import type { LeveledRequest } from "./record-writer.ts";
import type { RequestRecord } from "./request-record.ts";

/** Writes lines to the console, with no key in them. Never throws: lines that the console does not take are lost. */
export interface ConsoleWriter {
  /** Writes an event whose sentence and fields have been bounded. */
  writeEvent(level: string, event: string, fields: Record<string, unknown>): void;
  /** Writes a line for each request, all with one call of the console. */
  writeRequests(requests: readonly LeveledRequest[]): void;
  /** The number of lines that were lost since the last call. */
  takeLostLines(): number;
}

export interface ConsoleOptions {
  /**
   * Takes one line, or several with line breaks between them; without the last line break. What it throws costs the
   * lines, and the file nothing.
   */
  readonly writeConsole: (line: string) => void;
  /** Whether console lines may be coloured; default false. */
  readonly useColor?: boolean;
  /** Width of the terminal, asked whenever lines are written; null, as by default, where the console is none. */
  readonly getColumns?: () => number | null;
}

/** A request with no key in what is shown of it: a name that is too long is cut, and so would be a key in it. */
function redactShown(record: RequestRecord, redact: (text: string) => string): RequestRecord {
  const clean = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...record,
    path: redact(record.path),
    ...(typeof record.client === "string" ? { client: redact(record.client) } : {}),
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
  const rows = [line];
  const tried = describeTried(record);
  if (tried !== null) rows.push(formatTried(redact(tried), look));
  const end = describeEnd(record);
  if (end !== null) rows.push(formatEnd(redact(end), record, look));
  return rows.join("\n");
}

/**
 * Creates the writer of one logger.
 * @param redact takes keys out of a line
 */
export function createConsoleWriter(
  options: ConsoleOptions,
  redact: (text: string) => string,
  now: () => Date,
): ConsoleWriter {
  const paint = createPaint(options.useColor ?? false);
  const getLook = (): LineLook => ({ paint, columns: options.getColumns?.() ?? null });
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
