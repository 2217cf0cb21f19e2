import { escapeControlCharacters, isPrintable } from "./escape-control-characters.ts";
import { foldText } from "./fold-text.ts";
import type { Paint, Style } from "./paint.ts";
import type { Attempt, RequestRecord } from "./request-record.ts";

/** Where a line will be read. */
export interface LineLook {
  readonly paint: Paint;
  /** Width of the terminal in columns; null if there is none, as in a file or a journal. */
  readonly columns: number | null;
}

/** From this width on there is room for the client's model, cached tokens and speed. */
const wideColumns = 110;
/** The width of everything but the models, including the gaps between and one spare column. */
const narrowRest = 51;
const wideRest = 78;
const leastModels = 10;
const mostModels = 42;
const narrowClient = 10;
const wideClient = 16;

const arrow = " → ";

/** Text below a line begins in the column of its model. */
const noteIndent = " ".repeat(10);

/** Why nearly every answer ends; any other reason is shown. */
const ordinaryStops: ReadonlySet<string> = new Set(["end_turn", "tool_use", "stop_sequence"]);

/** Local time of day, `14:03:07`. */
export function formatTimeOfDay(time: Date): string {
  // The standard guarantees this beginning in every locale.
  return time.toTimeString().slice(0, 8);
}

/** `512`, `12,345`, `1.91M`. Not by `Intl`, which takes many times as long. */
function formatFigure(count: number): string {
  if (count < 1000) return String(count);
  if (count >= 1_000_000) return `${(count / 1_000_000).toFixed(2)}M`;
  return `${Math.floor(count / 1000)},${String(count % 1000).padStart(3, "0")}`;
}

/** A count before its name; blank if it is unknown. */
function formatCount(tokens: number | null, mark: string, width: number, name: string): string {
  if (tokens === null) return " ".repeat(width + name.length);
  return (mark + formatFigure(tokens)).padStart(width) + name;
}

function widthOf(text: string): number {
  return isPrintable(text) ? text.length : Bun.stringWidth(text);
}

/**
 * All tokens that the upstream read: the client's wire counts those from a cache, and those written to one, separately.
 */
function promptTokensOf({ inputTokens, cacheReadTokens, cacheWriteTokens }: RequestRecord): number | null {
  return inputTokens === null ? null : inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
}

/** Fits a text into exactly this many columns; leaves out the middle of a longer one. */
function fitText(text: string, width: number): string {
  const ownWidth = widthOf(text);
  if (ownWidth <= width) return text + " ".repeat(width - ownWidth);
  // A character that is two columns wide may be at either cut, and is kept.
  const kept = isPrintable(text) ? width - 1 : width - 3;
  const end = Math.floor(kept / 2);
  const cut = `${Bun.sliceAnsi(text, 0, kept - end)}…${Bun.sliceAnsi(text, ownWidth - end)}`;
  return cut + " ".repeat(Math.max(0, width - Bun.stringWidth(cut)));
}

/** The model that answered, behind its upstream's name where there are several: the upstream's, preceded by the client's if both fit; a path if there is no model. */
function formatSubject(record: RequestRecord, width: number, isWide: boolean): string {
  const { clientModel, upstreamModel, upstream } = record;
  // The same model may be served by several upstreams.
  const target = upstream === null || upstreamModel === null ? upstreamModel : `${upstream}/${upstreamModel}`;
  const answering = escapeControlCharacters(target ?? clientModel ?? `${record.method} ${record.path}`);
  const isAsked = clientModel === upstreamModel || clientModel === target;
  if (!isWide || clientModel === null || upstreamModel === null || isAsked) {
    return fitText(answering, width);
  }
  const name = clientModel.startsWith("claude-") ? clientModel.slice("claude-".length) : clientModel;
  const asked = record.kind === "auto-mode-check" ? "auto mode check" : escapeControlCharacters(name);
  const bothWidth = widthOf(asked) + arrow.length + widthOf(answering);
  return bothWidth > width
    ? fitText(answering, width)
    : asked + arrow + answering + " ".repeat(width - bothWidth);
}

function clientWidth(isWide: boolean): number {
  return isWide ? wideClient : narrowClient;
}

/** The column of the client: blank if it was not recognised; no column where the clients have no names. */
function formatClient({ client }: RequestRecord, isWide: boolean): string[] {
  return client === undefined ? [] : [fitText(escapeControlCharacters(client ?? ""), clientWidth(isWide))];
}

function styleOf({ status, errorType }: RequestRecord): Style {
  if (status === 499) return "grey";
  if (status < 400) return errorType === null ? "green" : "red";
  return status < 500 ? "amber" : "red";
}

/**
 * The console's line for one request: time, model, status, tokens and seconds. It fits 80 columns; with 110 it also has
 * the client's model, cached tokens and tokens per second. Where clients have names, the client comes before the model.
 * Ids and everything else are in the log file.
 * @returns one line without its line break; control characters from outside are escaped
 */
export function formatRequestLine(record: RequestRecord, { paint, columns }: LineLook): string {
  const isWide = columns === null || columns >= wideColumns;
  const client = formatClient(record, isWide);
  const taken = (isWide ? wideRest : narrowRest) + (client.length === 0 ? 0 : clientWidth(isWide) + 2);
  const room = columns === null ? mostModels : columns - taken;
  const subjectWidth = Math.min(Math.max(room, leastModels), mostModels);
  const mark = record.usageEstimated ? "~" : "";
  const columnsOfLine = [
    paint("grey", formatTimeOfDay(record.time)),
    ...client,
    formatSubject(record, subjectWidth, isWide),
    paint(styleOf(record), String(record.status)),
    formatCount(promptTokensOf(record), mark, 8, " in"),
  ];
  if (isWide) columnsOfLine.push(formatCount(record.cacheReadTokens, "", 7, " cached"));
  columnsOfLine.push(
    // A count of tokens is no answer of a model.
    record.path.endsWith("/count_tokens") ? "      count" : formatCount(record.outputTokens, mark, 7, " out"),
    `${(record.durationMs / 1000).toFixed(1).padStart(5)} s`,
  );
  if (isWide && record.tokensPerSecond !== null) {
    columnsOfLine.push(`${String(Math.round(record.tokensPerSecond)).padStart(3)} tok/s`);
  }
  return columnsOfLine.join("  ").trimEnd();
}

/**
 * What a person should know about a request besides its figures: why it failed, or why its answer ended early.
 * @returns null if there is nothing to say; otherwise one line, with control characters from outside escaped
 */
export function describeEnd(record: RequestRecord): string | null {
  const { status, stopReason, errorType, errorMessage } = record;
  if (status === 499) return "The client went away before its answer was whole.";
  if (errorType !== null) return escapeControlCharacters(`${errorType}: ${errorMessage ?? ""}`);
  if (stopReason === null || ordinaryStops.has(stopReason)) return null;
  return escapeControlCharacters(`The answer ended with ${stopReason}.`);
}

/** `deepseek/deepseek-v4-pro (key 2) 429 0.3 s`; nothing was waited for at a place that was left out. */
function describeAttempt({ upstream, model, key, status, error, ms }: Attempt): string {
  const name = `${upstream}/${model}${key === null ? "" : ` (key ${key})`}`;
  const seconds = ms === 0 ? [] : [`${(ms / 1000).toFixed(1)} s`];
  return [name, ...(status === null ? [] : [status]), ...(error === null ? [] : [error]), ...seconds].join(
    " ",
  );
}

/**
 * Where a request was tried if that was at more than one place: `tried a/x 429 0.3 s, b/y 200 1.2 s`.
 * @returns null if it was not; otherwise one line, with control characters from outside escaped
 */
export function describeTried({ tried }: RequestRecord): string | null {
  if (tried.length < 2) return null;
  return escapeControlCharacters(`tried ${tried.map(describeAttempt).join(", ")}`);
}

/** The text of `describeEnd` for the rows below the line of the request, folded to the terminal. */
export function formatEnd(text: string, record: RequestRecord, { paint, columns }: LineLook): string {
  const style = styleOf(record) === "green" ? "amber" : styleOf(record);
  return foldNote(text, style, { paint, columns });
}

/** The same for the text of `describeTried`. */
export function formatTried(text: string, look: LineLook): string {
  return foldNote(text, "grey", look);
}

function foldNote(text: string, style: Style, { paint, columns }: LineLook): string {
  return foldText(noteIndent + text, columns)
    .split("\n")
    .map((row) => paint(style, row))
    .join("\n");
}
