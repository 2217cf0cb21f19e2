import { formatNumber } from "../bench/report/format-tables.ts";
import type { DayLoad, Load } from "./day-load.ts";
import { type DatabaseTrial, findLimit } from "./measure-database.ts";
import type { InstanceCosts } from "./measure-instance.ts";
import type { Need } from "./plan-need.ts";
import type { DatabaseTrials } from "./try-database.ts";

const rowsOfLoad: readonly (readonly [string, (load: Load) => number])[] = [
  ["developers at work", ({ developers }) => developers],
  ["requests to models a second", ({ messages }) => messages],
  ["counts of tokens a second", ({ counts }) => counts],
  ["MB of requests a second, in and out again", ({ requestBytes }) => requestBytes / 1e6],
  ["open streams", ({ streams }) => streams],
  ["chunks a second", ({ chunks }) => chunks],
];

/** What the day asks of all instances together. */
export function formatDay({ hour, second, ...day }: DayLoad): string {
  const table = formatTable(
    ["all together", "busiest hour", "second with most streams"],
    rowsOfLoad.map(([name, read]) => [name, formatNumber(read(hour)), formatNumber(read(second))]),
  );
  return `${table}\n\nThe whole day: ${formatNumber(day.requests)} requests, each a row of the record, ${formatNumber(day.requestBytes / 1e9)} GB. A request to a model has ${formatNumber(day.meanMessageBytes / 1000)} KB on average.`;
}

/** What an instance takes on this machine, and how many are needed. */
export function formatNeed(costs: InstanceCosts, need: Need): string {
  return formatTable(
    ["an instance on this machine", ""],
    [
      [
        "CPU of a request, recorded",
        `${formatNumber(costs.requestUs)} µs + ${formatNumber(costs.kilobyteUs)} µs/KB`,
      ],
      ["CPU of a chunk that comes alone", `${formatNumber(costs.chunkUs)} µs`],
      ["CPU of a count of 3 KB", `${formatNumber(costs.countUs)} µs`],
      [
        "memory behind large requests, and for each open stream",
        `${formatNumber(costs.restMb)} MB + ${formatNumber(costs.streamKb)} KB`,
      ],
      ["connections to PostgreSQL without caps", formatNumber(costs.connections)],
      ["cores for all requests, busiest hour", formatNumber(need.hourCores)],
      ["cores for all requests, second with most streams", formatNumber(need.secondCores)],
      ["developers at work for each core", formatNumber(need.developersOfCore)],
      ["instances needed", formatNumber(need.instances)],
      [
        "streams and memory of each of them",
        `${formatNumber(need.streamsOfInstance)}, ${formatNumber(need.mbOfInstance)} MB`,
      ],
    ],
  );
}

const nameOfCaps = {
  none: "no caps",
  own: "caps of each client",
  everybody: "those and a cap of all together",
} as const;

/** What one PostgreSQL did. */
export function formatDatabase({ peak, withBodies, raised }: DatabaseTrials): string {
  const named: [string, DatabaseTrial][] = [
    [`busiest hour, ${nameOfCaps[peak.asked.caps]}`, peak],
    ["all messages kept", withBodies],
    ...raised.map((trial): [string, DatabaseTrial] => [nameOfCaps[trial.asked.caps], trial]),
  ];
  return formatTable(
    [
      "trial",
      "rows/s asked",
      "rows/s",
      "PostgreSQL, % of a core",
      "writers, % of a core",
      "transactions/s",
      "connections",
      "WAL, KB/row",
      "B/row",
      "B/row, messages",
      "reserving, p50 / p99 ms",
      "waits most for",
      "gives out",
    ],
    named.map(([name, trial]) => [
      name,
      formatNumber(trial.asked.rowsPerSecond),
      formatNumber(trial.rows),
      formatNumber(trial.cpu * 100),
      formatNumber(trial.writersCpu * 100),
      formatNumber(trial.transactions),
      formatNumber(trial.connections),
      formatNumber(trial.walBytes / trial.rows / 1000),
      formatNumber(trial.rowBytes),
      formatNumber(trial.bodyBytes),
      trial.reserveMs === null
        ? "–"
        : `${formatNumber(trial.reserveMs.p50)} / ${formatNumber(trial.reserveMs.p99)}`,
      trial.waitedFor.map(({ what, share }) => `${what} ${formatNumber(share)}`).join(", "),
      findLimit(trial) ?? "nothing",
    ]),
  );
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
