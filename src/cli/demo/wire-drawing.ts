import type { Paint, Style } from "../../logging/paint.ts";
import type { WireEntry } from "./wire-entry.ts";
import { wrapValue } from "./wrap-value.ts";

/** One of the two wires. */
export type Wire = "client" | "upstream";

export interface WireDrawingOptions {
  /** Width of the terminal in columns. */
  columns: number;
  paint: Paint;
  /** Receives finished rows, each with its line break. */
  write: (text: string) => void;
}

export interface WireDrawing {
  /** Draws the headings of the two wires. */
  head(headings: Record<Wire, readonly string[]>): void;
  /** Draws an entry of a wire; may hold it until the entry beside it is known. */
  add(wire: Wire, entry: WireEntry): void;
  /** Draws the entries that are still held. */
  end(): void;
}

/** Below this many columns the two wires are drawn one below the other. */
const narrowestSideBySide = 100;
/** Narrower terminals, and those without a known width, break the rows themselves. */
const narrowestStacked = 60;
/** Wider lines are harder to read. */
const widestSideBySide = 160;
/** Width of the longest title of most, `content_block_delta`, so that their values start in one column. */
const titleWidth = 19;

const colorOf: Readonly<Record<Wire, Style>> = { client: "teal", upstream: "magenta" };

/** A drawing of the traffic on both wires: side by side if the terminal is wide enough, else stacked. */
export function createWireDrawing(options: WireDrawingOptions): WireDrawing {
  return options.columns < narrowestSideBySide
    ? createStackedDrawing(options)
    : createSideBySideDrawing(options);
}

/**
 * Draws two columns. Entries on one row belong together: a chunk on the right and, on the left, the events that the
 * proxy made of it. That is why a row is held until the next chunk comes.
 */
function createSideBySideDrawing({ columns, paint, write }: WireDrawingOptions): WireDrawing {
  const width = Math.floor((Math.min(columns, widestSideBySide) - 3) / 2);
  const rows: Record<Wire, string[]> = { client: [], upstream: [] };
  let direction: WireEntry["direction"] = "request";

  function writeRow(left = "", right = ""): void {
    write(`${pad(left, width)} ${paint("grey", "│")} ${pad(right, width)}`.trimEnd().concat("\n"));
  }

  function end(): void {
    const count = Math.max(rows.client.length, rows.upstream.length);
    for (let row = 0; row < count; row++) writeRow(rows.client[row], rows.upstream[row]);
    rows.client = [];
    rows.upstream = [];
  }

  return {
    head(headings) {
      rows.client = headings.client.map((line) => paint(colorOf.client, line));
      rows.upstream = headings.upstream.map((line) => paint(colorOf.upstream, line));
      end();
      write(`${paint("grey", `${"─".repeat(width)}─┼─${"─".repeat(width)}`)}\n`);
    },
    add(wire, entry) {
      if (entry.direction !== direction) {
        end();
        writeRow();
        direction = entry.direction;
      } else if (wire === "upstream" && rows.upstream.length > 0) {
        end();
      }
      rows[wire].push(...drawEntry(wire, entry, width, paint));
    },
    end,
  };
}

/** Draws the entries one below the other, each row beginning with the name of its wire. */
function createStackedDrawing({ columns, paint, write }: WireDrawingOptions): WireDrawing {
  const margin = "upstream │ ".length;
  const width = Math.max(columns, narrowestStacked) - margin;

  function writeRow(wire: Wire, row: string): void {
    write(`${paint(colorOf[wire], wire.padEnd(8))} ${paint("grey", "│")} ${row}`.trimEnd().concat("\n"));
  }

  return {
    head(headings) {
      for (const wire of ["client", "upstream"] as const) {
        for (const line of headings[wire]) writeRow(wire, line);
      }
      write(`${paint("grey", `${"─".repeat(margin - 2)}┼${"─".repeat(width + 1)}`)}\n`);
    },
    add(wire, entry) {
      for (const row of drawEntry(wire, entry, width, paint)) writeRow(wire, row);
    },
    end() {},
  };
}

/**
 * The rows of one entry, none wider than `width`. The arrow of a request points to the upstream's side of the screen,
 * that of an answer back to the client's.
 */
function drawEntry(wire: Wire, entry: WireEntry, width: number, paint: Paint): string[] {
  const arrow = entry.direction === "request" ? "→" : "←";
  const title = `${paint("bold", arrow)} ${paint(colorOf[wire], entry.title.padEnd(titleWidth))}`;
  const nameWidth = Math.max(...entry.fields.map(({ name }) => name.length));
  return [
    ...drawTitle(title, entry, width, paint),
    ...entry.fields.flatMap(({ name, value }) =>
      drawValue(`    ${name.padEnd(nameWidth)}  `, value, width, paint),
    ),
  ];
}

/** A title and its value, which begins on the next row if the title is long and leaves it too little room. */
function drawTitle(title: string, entry: WireEntry, width: number, paint: Paint): string[] {
  const rows = drawValue(`${title}  `, entry.value, width, paint);
  if (rows.length === 1 || entry.title.length <= titleWidth) return rows;
  return [title, ...drawValue(" ".repeat(titleWidth + 4), entry.value, width, paint)];
}

/** A value beside its label, wrapped below itself if it is too long. */
function drawValue(label: string, value: string, width: number, paint: Paint): string[] {
  const indent = Bun.stringWidth(label);
  const [first = "", ...others] = wrapValue(value, width - indent, paint);
  return [label + first, ...others.map((row) => " ".repeat(indent) + row)];
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
}
