import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { createPaint } from "../../logging/paint.ts";
import { formatFilter } from "../../record/filter/format-filter.ts";
import { quoteValue } from "../../record/filter/split-terms.ts";
import type { ListedRequest } from "../../record/record-reader.ts";
import { explainNoRecord, findRecord, newestOf, readFilterTerms, whileReading } from "../read-record.ts";
import type { Terminal } from "../terminal.ts";
import { formatLogRow } from "./format-log-row.ts";

export interface LogsFlags {
  /** How many requests. */
  readonly lines: number;
  readonly follow?: true;
  readonly session?: string;
  readonly status?: string;
  readonly model?: string;
  readonly upstream?: string;
  readonly client?: string;
  readonly since?: string;
  readonly filter?: string;
  readonly json?: true;
}

const filterFlags = ["session", "status", "model", "upstream", "client", "since"] as const;

/** Prints the newest requests, the newest last, and goes on with what comes if the user wants that. */
export async function listRequests(
  words: readonly string[],
  flags: LogsFlags,
  terminal: Terminal,
): Promise<void> {
  const terms = filterFlags.flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : [`${name}:${quoteValue(value)}`];
  });
  const filter = await readFilterTerms([
    ...words,
    ...(flags.filter === undefined ? [] : [flags.filter]),
    ...terms,
  ]);
  const { place, exists, reader } = await findRecord();
  const fold = (text: string) => `${foldText(text, terminal.columns, "  ")}\n`;
  const warn = (message: string) => terminal.stderr(fold(message));
  if (!exists) {
    const words = await explainNoRecord(place);
    if (flags.follow === true) warn(`${words} Waiting for it; Ctrl-C ends this.`);
    else if (flags.json === undefined) terminal.stdout(fold(words));
    if (flags.follow === undefined) return;
  }
  // One at least, to know from where on requests are new.
  const found = await whileReading(() =>
    reader.list({ ...newestOf(filter, Math.max(1, flags.lines)), isFollowed: flags.follow === true }, warn),
  );
  const newest = found.slice(0, flags.lines);
  const today = new Date().toDateString();
  const look = {
    paint: createPaint(terminal.useColor),
    columns: terminal.columns,
    hasDays: newest.some(({ timeMs }) => new Date(timeMs).toDateString() !== today),
  };
  const show = (request: ListedRequest) => {
    const time = new Date(request.timeMs).toISOString();
    const text = flags.json === true ? JSON.stringify({ time, ...request }) : formatLogRow(request, look);
    terminal.stdout(`${text}\n`);
  };
  for (const request of newest.toReversed()) show(request);
  if (flags.follow === true) {
    const { followRecord } = await import("./follow-record.ts");
    await followRecord(reader, { filter, afterSeq: Math.max(0, ...found.map(({ seq }) => seq)), show, warn });
  } else if (found.length === 0 && flags.json === undefined) {
    const asked = escapeControlCharacters(formatFilter(filter));
    const text = asked === "" ? "Nothing is recorded yet." : `No request matches: ${asked}`;
    terminal.stdout(fold(text));
  }
  await reader.close();
}
