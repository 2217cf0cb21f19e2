import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { fitText, padText } from "../fit-text.ts";
import { type DiffLook, describeDiff, describeText } from "./describe-diff.ts";
import type { ReplayAnswer, ReplayToolCall } from "./replay-answer.ts";

type Row = readonly [string, (answer: ReplayAnswer) => string];

/** Longer ids would take the table's place. */
const mostCharacters = 40;

const facts: readonly Row[] = [
  ["asked for", ({ asked }) => cleanCell(asked ?? "?")],
  ["answered by", (answer) => cleanCell(describeModel(answer))],
  ["status", ({ status }) => (status === null ? "none" : String(status))],
  ["stop reason", ({ stopReason }) => cleanCell(stopReason ?? "none")],
  ["prompt tokens", (answer) => formatCount(countPrompt(answer))],
  ["from cache", ({ cacheReadTokens }) => formatCount(cacheReadTokens)],
  ["output tokens", ({ outputTokens }) => formatCount(outputTokens)],
  ["cost", ({ costUsd }) => formatCost(costUsd)],
  ["time", ({ durationMs }) => formatMs(durationMs)],
  ["first byte", ({ firstByteMs }) => formatMs(firstByteMs)],
];

const labelWidth = 15;
const columnGap = 2;
/** Narrower ones would say nothing. */
const leastCell = 9;
/** Without a terminal a table is as wide as a usual one. */
const usualColumns = 80;

/** Shows the recorded answer and the new ones: what they took in a table, then what each of them says. */
export function describeReplay(
  recorded: ReplayAnswer,
  answers: readonly ReplayAnswer[],
  look: DiffLook,
): string {
  const parts = [...describeFacts(recorded, answers, look.columns ?? usualColumns)];
  for (const [index, answer] of answers.entries()) {
    const title = answers.length > 1 ? `Answer ${index + 1}, ${describeModel(answer)}` : "The new answer";
    parts.push([look.paint("bold", title), ...describeAnswer(recorded, answer, look)].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** Tables of as many new answers as fit beside the recorded one. */
function describeFacts(recorded: ReplayAnswer, answers: readonly ReplayAnswer[], columns: number): string[] {
  const named = answers.map((answer, index) => ({
    name: answers.length > 1 ? `answer ${index + 1}` : "new",
    answer,
  }));
  const before = { name: "recorded", answer: recorded };
  // At least one answer has room beside the recorded one.
  const room = Math.max(leastCell, Math.floor((columns + columnGap - labelWidth) / 2) - columnGap);
  const widthOf = ({ name, answer }: typeof before) =>
    Math.min(room, Math.max(name.length, ...facts.map(([, show]) => Bun.stringWidth(show(answer))))) +
    columnGap;
  const tables: (typeof named)[] = [];
  for (const column of named) {
    const last = tables.at(-1);
    const width = [before, ...(last ?? []), column].reduce((sum, one) => sum + widthOf(one), labelWidth);
    if (last === undefined || width > columns + columnGap) tables.push([column]);
    else last.push(column);
  }
  return tables.map((table) => {
    const shown = [before, ...table];
    const line = (label: string, cells: readonly string[]) =>
      cells
        .reduce((text, cell, index) => {
          const one = shown[index];
          return text + padText(fitText(cell, room), one === undefined ? 0 : widthOf(one));
        }, label.padEnd(labelWidth))
        .trimEnd();
    return [
      line(
        "",
        shown.map(({ name }) => name),
      ),
      ...facts.map(([label, show]) =>
        line(
          label,
          shown.map(({ answer }) => show(answer)),
        ),
      ),
    ].join("\n");
  });
}

function describeAnswer(recorded: ReplayAnswer, answer: ReplayAnswer, look: DiffLook): string[] {
  const error = answer.error === null ? [] : [`It failed: ${escapeControlCharacters(answer.error)}`];
  return [
    ...error.map((line) => foldText(line, look.columns, "  ")),
    ...describePart("Text", recorded.text, answer.text ?? "", look),
    ...describePart(
      "Tool calls",
      recorded.toolCalls === null ? null : formatCalls(recorded.toolCalls),
      formatCalls(answer.toolCalls ?? []),
      look,
    ),
  ];
}

/** @param before null if it was not kept */
function describePart(name: string, before: string | null, after: string, look: DiffLook): string[] {
  if (before === null) {
    const title = `${name} (of the recorded answer it was not kept):`;
    return after === "" ? [`${name}: none`] : [title, ...describeText(after, look)];
  }
  if (before !== after) return [`${name}:`, ...describeDiff(before, after, look)];
  return after === ""
    ? [`${name}: none in both`]
    : [`${name}, the same in both:`, ...describeText(after, look)];
}

function formatCalls(calls: readonly ReplayToolCall[]): string {
  return calls.map(({ name, input }) => `${name} ${JSON.stringify(input, null, 2)}`).join("\n");
}

function describeModel({ upstream, model }: ReplayAnswer): string {
  const text = [upstream, model].filter((part) => part !== null).join("/");
  return text === "" ? "?" : escapeControlCharacters(text);
}

function cleanCell(text: string): string {
  const clean = escapeControlCharacters(text);
  return clean.length > mostCharacters ? `${clean.slice(0, mostCharacters - 1)}…` : clean;
}

/** Null if the prompt is not known. */
function countPrompt({ inputTokens, cacheReadTokens, cacheWriteTokens }: ReplayAnswer): number | null {
  return inputTokens === null ? null : inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
}

function formatCount(count: number | null): string {
  return count === null ? "?" : count.toLocaleString("en-US");
}

/** Of one request: most cost less than a cent. */
function formatCost(usd: number | null): string {
  if (usd === null) return "?";
  return usd > 0 && usd < 0.0001 ? "<$0.0001" : `$${usd.toFixed(4)}`;
}

function formatMs(ms: number | null): string {
  if (ms === null) return "?";
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
