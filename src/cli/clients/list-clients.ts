import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { createPaint } from "../../logging/paint.ts";
import { type ListedClient, listClients } from "../../team/client-table.ts";
import type { ConfigFlags } from "../config/config-flags.ts";
import { fitText, padText } from "../fit-text.ts";
import { formatTime } from "../format-time.ts";
import { formatCost } from "../format-units.ts";
import type { Terminal } from "../terminal.ts";
import { withClients } from "./open-clients.ts";

export interface ListFlags extends ConfigFlags {
  readonly json?: true;
}

/** Prints the clients of the shared record: a table, or JSON. CommandError says why not. */
export async function showClients(flags: ListFlags, terminal: Terminal): Promise<void> {
  const today = new Date().toLocaleDateString("sv-SE");
  const listed = await withClients(flags, (query) => listClients(query, today));
  if (flags.json === true) {
    terminal.stdout(`${JSON.stringify({ clients: listed.map(buildEntry) }, null, 2)}\n`);
  } else if (listed.length === 0) {
    const text = "There is no client. Add one: claude-proxy clients add NAME";
    terminal.stdout(`${foldText(text, terminal.columns)}\n`);
  } else {
    const [head = "", ...rows] = formatClients(listed, terminal.columns);
    terminal.stdout(`${[createPaint(terminal.useColor)("grey", head), ...rows].join("\n")}\n`);
  }
}

function buildEntry({ client, createdMs, spentTodayUsd }: ListedClient) {
  // The digest is of no use to anybody who reads this.
  const { keyDigest: _, ...shown } = client;
  return { ...shown, created: new Date(createdMs).toISOString(), spentTodayUsd };
}

interface Column {
  readonly title: string;
  readonly read: (listed: ListedClient) => string;
  /** What is dropped first in a narrow terminal has the highest number; 0 is never dropped. */
  readonly drop: number;
  readonly side: "left" | "right";
}

const columns: readonly Column[] = [
  { title: "client", read: ({ client }) => client.name, drop: 0, side: "right" },
  { title: "$ a day", read: ({ client }) => formatLimit(client.usdPerDay), drop: 0, side: "left" },
  { title: "today", read: ({ spentTodayUsd }) => formatLimit(spentTodayUsd), drop: 2, side: "left" },
  { title: "$ a month", read: ({ client }) => formatLimit(client.usdPerMonth), drop: 3, side: "left" },
  {
    title: "a minute",
    read: ({ client }) => String(client.requestsPerMinute ?? "-"),
    drop: 4,
    side: "left",
  },
  { title: "admin", read: ({ client }) => (client.admin ? "admin" : "-"), drop: 1, side: "right" },
  {
    title: "created",
    read: ({ createdMs }) => formatTime(new Date(createdMs)).slice(0, 10),
    drop: 5,
    side: "right",
  },
  { title: "models", read: ({ client }) => client.models?.join(", ") ?? "all", drop: 0, side: "right" },
];

const gap = 2;
const widestName = 24;
const leastModels = 10;

function formatLimit(dollars: number | null): string {
  return dollars === null ? "-" : formatCost(dollars, 0);
}

/** The title and a row for each client, none wider than the terminal: columns are left out, and texts are cut. */
export function formatClients(listed: readonly ListedClient[], width: number | null): string[] {
  const all = columns.map((column, index) => {
    const cells = [column.title, ...listed.map((one) => escapeControlCharacters(column.read(one)))];
    const widest = Math.max(...cells.map((cell) => Bun.stringWidth(cell)));
    return {
      ...column,
      cells,
      cellWidth: index === 0 && width !== null ? Math.min(widest, widestName) : widest,
    };
  });
  const shown = selectColumns(all, width);
  return ["", ...listed].map((_, row) =>
    shown
      .map(({ cells, cellWidth, side }) => padText(fitText(cells[row] ?? "", cellWidth), cellWidth, side))
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}

/** The columns for which there is room; the last one has what the others leave. */
function selectColumns<Type extends { readonly drop: number; readonly cellWidth: number }>(
  all: readonly Type[],
  width: number | null,
): readonly Type[] {
  if (width === null) return all;
  let shown = all;
  const roomOf = (list: readonly Type[]) =>
    width - list.slice(0, -1).reduce((sum, { cellWidth }) => sum + gap + cellWidth, 0);
  const wanted = Math.min(leastModels, all.at(-1)?.cellWidth ?? 0);
  while (roomOf(shown) < wanted) {
    const last = Math.max(...shown.map(({ drop }) => drop));
    if (last === 0) break;
    shown = shown.filter(({ drop }) => drop !== last);
  }
  const room = Math.max(1, roomOf(shown));
  return shown.map((column, index) =>
    index === shown.length - 1 ? { ...column, cellWidth: Math.min(column.cellWidth, room) } : column,
  );
}
