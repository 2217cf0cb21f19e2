import { escapeControlCharacters } from "../logging/escape-control-characters.ts";
import { foldText } from "../logging/fold-text.ts";
import type { Paint } from "../logging/paint.ts";
import type { FileDescription } from "../routing/describe-file.ts";
import { breakValue } from "./break-value.ts";

/** Where a table will be read. */
interface TableLook {
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
}

/** A condition that is longer stands in a row of its own. */
const longestCondition = 28;
const margin = "  ";
const nextTarget = "then ";

/**
 * Formats the upstreams as a table, and below it what goes where, in the order in which it is tried.
 * @returns rows without line breaks, at most as wide as the terminal as far as single words allow
 */
export function formatFile(file: FileDescription, look: TableLook): string[] {
  const upstreams = formatUpstreams(file, look);
  if (file.cases.length + file.routes.length > 0) return [...upstreams, "", ...formatRoutes(file, look)];
  const hint = `${margin}The file has no routes, so only models that are asked for as UPSTREAM/MODEL go anywhere.`;
  return [...upstreams, "", ...foldText(hint, look.columns).split("\n")];
}

function formatUpstreams({ upstreams }: FileDescription, { paint, columns }: TableLook): string[] {
  const head = ["upstream", "host", "wire", "profile", "keys"];
  const rows = upstreams.map(({ name, url, protocol, profile, keys, passes_client_key }) =>
    [name, hostOf(url), protocol, profile, passes_client_key ? "the client's own" : String(keys)].map(
      escapeControlCharacters,
    ),
  );
  const widths = head.map((label, index) =>
    Math.max(...[label, ...rows.map((row) => row[index] ?? "")].map((cell) => Bun.stringWidth(cell))),
  );
  const total = widths.reduce((sum, width) => sum + 2 + width, 0);
  const format = (row: readonly string[]) =>
    margin +
    row
      .map((cell, index) => padTo(cell, widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  if (columns === null || total <= columns) {
    return [paint("grey", format(head)), ...rows.map(format)];
  }
  // Too wide: what belongs to one upstream stands below it.
  return rows.flatMap(([name = "", host = "", wire = "", profile = "", keys = ""]) => [
    margin + name,
    ...formatField("host", host, { paint, columns }),
    ...formatField("wire", wire, { paint, columns }),
    ...formatField("profile", profile, { paint, columns }),
    ...formatField("keys", keys, { paint, columns }),
  ]);
}

function formatField(label: string, value: string, { paint, columns }: TableLook): string[] {
  const [first = "", ...others] = breakRows(value, columns, " ".repeat(13));
  return [`    ${paint("grey", label.padEnd(9))}${first.trimStart()}`, ...others];
}

function formatRoutes({ cases, routes }: FileDescription, { paint, columns }: TableLook): string[] {
  const rows = [
    ...cases.map(({ when, to }) => ({ asked: formatConditions(when), to })),
    ...routes.map(({ asked, to }) => ({ asked, to })),
  ].map(({ asked, to }) => ({ asked: escapeControlCharacters(asked), to: to.map(escapeControlCharacters) }));
  const head = "asked for";
  const widths = [head, ...rows.map(({ asked }) => asked)].map((text) => Bun.stringWidth(text));
  const width = Math.max(...widths.filter((own) => own <= longestCondition));
  const indent = margin + " ".repeat(width + 2);
  return [
    paint("grey", `${margin}${padTo(head, width)}  goes to`),
    ...rows.flatMap(({ asked, to }) => {
      const targets = to.map((target, index) => (index === 0 ? target : nextTarget + target));
      const [first = "", ...others] = targets.flatMap((target) => breakRows(target, columns, indent));
      return Bun.stringWidth(asked) > width
        ? [...breakRows(asked, columns, margin), first, ...others]
        : [`${margin}${padTo(asked, width)}  ${first.slice(indent.length)}`, ...others];
    }),
  ];
}

/** The rows that a value needs behind the indentation, each with the indentation. */
function breakRows(value: string, columns: number | null, indent: string): string[] {
  return (indent + breakValue(value, columns, indent)).split("\n");
}

/** `images: true, tokens: 55000`; a case without conditions takes everything. */
function formatConditions(when: Readonly<Record<string, unknown>>): string {
  const conditions = Object.entries(when).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(" or ") : String(value)}`,
  );
  return conditions.length === 0 ? "everything" : conditions.join(", ");
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
}
