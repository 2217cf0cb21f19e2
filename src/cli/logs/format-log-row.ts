import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { formatTokens } from "../../logging/format-tokens.ts";
import type { Paint, Style } from "../../logging/paint.ts";
import type { ListedRequest } from "../../record/record-reader.ts";
import { fitText, padText } from "../fit-text.ts";
import { formatCost, formatDuration } from "../format-units.ts";

/** Where the rows will be read. */
export interface RowLook {
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
  /** Whether the day stands before the time: among the requests are some of other days. */
  readonly hasDays: boolean;
}

const idWidth = 8;
const kindWidth = 10;
const leastModel = 4;
const mostModel = 42;

/**
 * One request in one line: when, which, status, model, what for, tokens, cost, time. A failed one tells why in place of
 * what it does not have. A narrow terminal leaves out what for, the cost, and then the id. Never wider than the terminal.
 */
export function formatLogRow(request: ListedRequest, { paint, columns, hasDays }: RowLook): string {
  const width = columns ?? 140;
  const time = formatMoment(request.timeMs, hasDays);
  const spare = width - (hasDays ? 6 : 0);
  const [hasId, hasKind, hasCost] = [spare >= 60, spare >= 100, spare >= 70];
  const tail = [
    ...(hasKind ? [padText(fitText(kindOf(request), kindWidth), kindWidth)] : []),
    padText(tokensOf(request), 11, "left"),
    ...(hasCost ? [padText(costOf(request), 7, "left")] : []),
    padText(formatDuration(request.durationMs), 7, "left"),
  ];
  const head = [time, ...(hasId ? [shortenId(request.requestId)] : []), String(request.status)];
  const widthOf = (parts: readonly string[]) =>
    parts.reduce((sum, part) => sum + Bun.stringWidth(part) + 2, 0);
  const room = Math.max(leastModel, Math.min(mostModel, width - widthOf(head) - widthOf(tail)));
  const painted = [
    paint("grey", time),
    ...head.slice(1, -1),
    paint(styleOf(request), String(request.status)),
  ].join("  ");
  const model = fitText(escapeControlCharacters(request.model ?? request.clientModel ?? request.path), room);
  const why = describeFailure(request);
  if (why === null) return `${painted}  ${padText(model, room)}  ${tail.join("  ")}`;
  const rest = width - widthOf(head) - Bun.stringWidth(model) - 2;
  return `${painted}  ${model}  ${paint(styleOf(request), fitEnd(why, columns === null ? null : rest))}`;
}

/** The part of an id that tells it from others, mostly. */
function shortenId(requestId: string): string {
  return padText(escapeControlCharacters(requestId.replace(/^req_/, "")).slice(0, idWidth), idWidth);
}

/** `14:03:07`, or `11-30 14:03:07`: local time. */
function formatMoment(timeMs: number, hasDay: boolean): string {
  const text = new Date(timeMs).toLocaleString("sv-SE");
  return text.slice(hasDay ? 5 : 11);
}

function kindOf({ kind, path }: ListedRequest): string {
  return escapeControlCharacters(kind ?? (path.endsWith("/count_tokens") ? "count" : ""));
}

function tokensOf({ inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }: ListedRequest): string {
  if (inputTokens === null) return "-";
  const prompt = formatTokens(inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0));
  return outputTokens === null ? prompt : `${prompt}→${formatTokens(outputTokens)}`;
}

function costOf({ costUsd, outputTokens }: ListedRequest): string {
  if (costUsd !== null) return formatCost(costUsd, 0);
  return outputTokens === null || outputTokens === 0 ? "-" : "?";
}

function styleOf({ status, errorType }: ListedRequest): Style {
  if (status === 499) return "grey";
  if (status < 400) return errorType === null ? "green" : "red";
  return status < 500 ? "amber" : "red";
}

function describeFailure({ status, errorType, errorMessage }: ListedRequest): string | null {
  if (status === 499) return "the client went away";
  if (errorType === null && status < 400) return null;
  return escapeControlCharacters([errorType, errorMessage].filter((text) => text !== null).join(": "));
}

/** Of a sentence the beginning counts. */
function fitEnd(text: string, width: number | null): string {
  if (width === null || Bun.stringWidth(text) <= width) return text;
  return width < 2 ? "" : `${Bun.sliceAnsi(text, 0, width - 1)}…`;
}
