import { unseenCharacters } from "../../json/unseen-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { Paint } from "../../logging/paint.ts";
import { CommandError } from "../command-error.ts";
import { shortenHome } from "../shorten-home.ts";
import { type FormatName, formatNames } from "./format-names.ts";
import type { CostSum } from "./read-session-facts.ts";
import type { StatusValues } from "./status-values.ts";

/** Stands between the parts of a line. */
const separator = " · ";

function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formatNames, name);
}

/**
 * Checks the names of a format.
 * @throws CommandError that lists the names there are
 */
export function checkFormat(format: string): void {
  fillNames(format, (name) => {
    if (isFormatName(name)) return "";
    const known = Object.keys(formatNames).map((one) => `{${one}}`);
    const list = foldText(known.join(" "), 80);
    throw new CommandError(
      `--format has no name {${name.replace(unseenCharacters, "")}}. There are:\n${list}`,
      2,
    );
  });
}

/** Replaces each `{name}`. By hand: the engine takes longer to compile a pattern than the rest of the line takes. */
function fillNames(text: string, fill: (name: string) => string): string {
  let filled = "";
  let done = 0;
  for (let end = text.indexOf("}"); end !== -1; end = text.indexOf("}", done)) {
    const start = text.lastIndexOf("{", end);
    filled +=
      start < done ? text.slice(done, end + 1) : text.slice(done, start) + fill(text.slice(start + 1, end));
    done = end + 1;
  }
  return filled + text.slice(done);
}

export interface FormatOptions {
  readonly format: string;
  readonly homeDir: string;
  readonly paint: Paint;
  /** A line that is wider loses its last parts, then its end; null for no limit. */
  readonly columns: number | null;
}

/** Writes the line, without a line break. What is not known is a `?`. */
export function formatStatusLine(
  values: StatusValues,
  { format, homeDir, paint, columns }: FormatOptions,
): string {
  const fill = (name: string) => (isFormatName(name) ? removeUnseen(formatValue(name, values, homeDir)) : "");
  const parts = format.split(separator).map((part) => fillNames(part, fill));
  const widthOf = () => Bun.stringWidth(parts.join(separator));
  while (columns !== null && parts.length > 1 && widthOf() > columns) parts.pop();
  if (columns !== null && widthOf() > columns) parts.splice(0, 1, cut(parts[0] ?? "", columns));
  return parts.join(paint("grey", separator));
}

/** The pattern is not even compiled for what everybody can see. */
function removeUnseen(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return text.replace(unseenCharacters, "");
  }
  return text;
}

function cut(text: string, columns: number): string {
  const characters = [...text];
  while (characters.length > 0 && Bun.stringWidth(characters.join("")) > columns - 1) characters.pop();
  return `${characters.join("")}…`;
}

function formatValue(name: FormatName, values: StatusValues, homeDir: string): string {
  const { contextTokens, window, cacheRate, cwd } = values;
  const percent = contextTokens === null || window === null ? null : contextTokens / window;
  switch (name) {
    case "model":
    case "upstream":
    case "asked":
      return values[name] ?? "?";
    case "requests":
    case "errors":
      return String(values[name] ?? "?");
    case "context":
      if (contextTokens === null && window === null) return "?";
      return `${shortenTokens(contextTokens)}/${shortenTokens(window)}${percent === null ? "" : ` ${formatPercent(percent)}`}`;
    case "context_tokens":
      return shortenTokens(contextTokens);
    case "window":
      return shortenTokens(window);
    case "percent":
      return formatPercent(percent);
    case "session_cost":
      return formatCost(values.sessionCost);
    case "today_cost":
      return formatCost(values.todayCost);
    case "cache":
      return formatPercent(cacheRate);
    case "cwd":
      return cwd === null ? "?" : shortenHome(cwd, homeDir);
  }
}

function formatPercent(share: number | null): string {
  return share === null ? "?" : `${Math.round(share * 100)}%`;
}

/** Shorter than elsewhere: this line shares its width with much else, and nobody compares what stands in it. */
function shortenTokens(count: number | null): string {
  if (count === null) return "?";
  if (count < 1000) return String(count);
  // From here on a thousand would be written as `1000k`.
  if (count < 999_500) return `${shorten(count / 1000)}k`;
  return `${shorten(count / 1_000_000)}M`;
}

/** One decimal below ten, so that small numbers still tell something. */
function shorten(number: number): string {
  return number < 9.95 ? number.toFixed(1).replace(/\.0$/, "") : number.toFixed(0);
}

/** Costs that are not known are never zero: they are added as a `?`. */
function formatCost(cost: CostSum | null): string {
  if (cost === null || (cost.usd === 0 && cost.unknown > 0)) return "?";
  const dollars = cost.usd > 0 && cost.usd < 0.005 ? "<$0.01" : `$${cost.usd.toFixed(2)}`;
  return cost.unknown > 0 ? `${dollars} + ?` : dollars;
}
