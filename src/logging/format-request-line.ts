import { styleText } from "node:util";
import { escapeControlCharacters } from "./escape-control-characters.ts";
import type { RequestRecord } from "./request-record.ts";

const modelsWidth = 44;

/** Made once: `toLocaleString` makes one at every call. */
const thousands = new Intl.NumberFormat("en-US");

type Color = "green" | "yellow" | "red" | "dim";

/** Local time of day, `14:03:07`. */
export function formatTimeOfDay(time: Date): string {
  // Begins so in every locale, by the standard.
  return time.toTimeString().slice(0, 8);
}

function formatCount(label: string, tokens: number | null, isEstimated: boolean): string {
  const figure = tokens !== null && tokens < 1000 ? String(tokens) : thousands.format(tokens ?? 0);
  const count = tokens === null ? "-" : `${isEstimated ? "~" : ""}${figure}`;
  return `${label} ${count.padStart(7)}`;
}

function statusColor(status: number): Color {
  if (status < 400) {
    return "green";
  }
  return status < 500 ? "yellow" : "red";
}

/** How the answer was told; a count of tokens is no answer of a model. */
function formOf({ path, stream }: RequestRecord): string {
  if (path.endsWith("/count_tokens")) return "count";
  return stream === true ? "stream" : "whole";
}

/**
 * The console's line for one request: time, id, models, stream or whole, status, stop reason, tokens, seconds and
 * tokens per second, and the error if there was one.
 * @param record the request
 * @param useColor whether terminal colours may be used
 * @returns one line without its line break; control characters from outside are escaped
 */
export function formatRequestLine(record: RequestRecord, useColor: boolean): string {
  const paint = (color: Color, text: string) =>
    useColor && text !== "" ? styleText(color, text, { validateStream: false }) : text;
  const models = `${record.clientModel ?? record.path} -> ${record.upstreamModel ?? "-"}`;
  const error = record.errorType === null ? "" : `${record.errorType}: ${record.errorMessage ?? ""}`;
  const columns = [
    paint("dim", formatTimeOfDay(record.time)),
    paint("dim", record.requestId),
    escapeControlCharacters(models).padEnd(modelsWidth),
    formOf(record).padEnd(6),
    paint(statusColor(record.status), String(record.status)),
    escapeControlCharacters(record.stopReason ?? "-").padEnd(10),
    formatCount("in", record.inputTokens, record.usageEstimated),
    formatCount("out", record.outputTokens, record.usageEstimated),
    formatCount("cached", record.cacheReadTokens, false),
    `${(record.durationMs / 1000).toFixed(1).padStart(5)} s`,
    (record.tokensPerSecond === null ? "" : `${Math.round(record.tokensPerSecond)} tok/s`).padStart(9),
    paint("red", escapeControlCharacters(error)),
  ];
  return columns.join("  ").trimEnd();
}
