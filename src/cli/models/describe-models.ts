import { onlyUpstream } from "../../config/list-upstreams.ts";
import { formatPrice } from "../../launch/format-facts.ts";
import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { formatTokens } from "../../logging/format-tokens.ts";
import type { Paint } from "../../logging/paint.ts";
import { breakValue } from "../break-value.ts";
import { padText } from "../fit-text.ts";
import { formatTime } from "../format-time.ts";
import type { ModelsReport, ReportedModel, ReportedUpstream } from "./models-report.ts";

interface ModelsLook {
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
}

/** A longer id stands in a row of its own. */
const widestId = 44;
const head = ["model", "window", "$ a million, in/out", "images", "used by"] as const;

/** The output of `models` for people: each upstream with a table of its models. */
export function describeModels({ upstreams }: ModelsReport, look: ModelsLook): string {
  const parts = upstreams.map((upstream) => [
    ...describeHead(upstream, look),
    ...describeTable(upstream, look),
  ]);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function describeHead(
  { name, host, total, models, fault, listedAt }: ReportedUpstream,
  look: ModelsLook,
): string[] {
  const { paint, columns } = look;
  // The settings have one upstream, whose name nobody has given.
  const label = name === onlyUpstream ? host : `${name} (${host})`;
  const some = models.length === total ? "" : `${models.length} of `;
  const count = `${some}${total} ${total === 1 ? "model" : "models"}`;
  const title = foldText(escapeControlCharacters(`${label}: ${count}`), columns, "  ");
  const lines = title.split("\n").map((row) => paint("bold", row));
  if (fault === null) return lines;
  const before =
    listedAt === null
      ? "Only the models of your configuration are shown."
      : `This is what it said ${formatTime(new Date(listedAt))}.`;
  const text = foldText(escapeControlCharacters(`${fault} ${before}`), columns === null ? null : columns - 2);
  return [...lines, ...text.split("\n").map((row) => `  ${paint("amber", row)}`)];
}

function describeTable({ models }: ReportedUpstream, { paint, columns }: ModelsLook): string[] {
  if (models.length === 0) return [];
  const rows = models.map(listCells);
  const widths = head.map((label, index) => {
    const own = rows.map((row) => Bun.stringWidth(row[index] ?? ""));
    return Math.max(label.length, ...own.filter((width) => index > 0 || width <= widestId));
  });
  const total = widths.reduce((sum, width) => sum + 2 + width, 0);
  if (columns !== null && total > columns) return rows.flatMap((row) => describeBelow(row, columns));
  const format = (row: readonly string[]) =>
    `  ${row.map((cell, index) => padText(cell, widths[index] ?? 0, index === 1 ? "left" : "right")).join("  ")}`.trimEnd();
  return [
    paint("grey", format(head)),
    ...rows.flatMap((row) => {
      const [id = "", ...others] = row;
      return Bun.stringWidth(id) > widestId ? [`  ${id}`, format(["", ...others])] : [format(row)];
    }),
  ];
}

/** Too narrow for a table: what is known of a model stands below it. */
function describeBelow(
  [id = "", window, price, images, usedBy]: readonly string[],
  columns: number,
): string[] {
  const facts = [
    `window ${window}`,
    `$ ${price}`,
    `images ${images}`,
    ...(usedBy === "" ? [] : [`used by ${usedBy}`]),
  ].join("; ");
  return [`  ${breakValue(id, columns, "  ")}`, foldText(`    ${facts}`, columns)];
}

function listCells({ id, listed, window, price, images, usedBy }: ReportedModel): string[] {
  const title = id === "*" ? "* (any name)" : id;
  return [
    title,
    window === null ? "?" : formatTokens(window),
    price === null ? "?" : `${formatPrice(price.input)}/${formatPrice(price.output)}`,
    images === null ? "?" : images ? "yes" : "no",
    [usedBy.join(", "), ...(listed ? [] : ["not in its list"])].filter((text) => text !== "").join("; "),
  ].map(escapeControlCharacters);
}
