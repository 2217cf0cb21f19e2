import { escapeControlCharacters } from "../logging/escape-control-characters.ts";
import { foldText } from "../logging/fold-text.ts";
import type { Paint } from "../logging/paint.ts";
import type { RecordExtent } from "../record/record-reader.ts";
import type { FileDetails, ProxyAnswer, ProxyDetails, UpstreamDetails } from "./ask-proxy.ts";
import { breakValue } from "./break-value.ts";
import { formatFile } from "./format-file.ts";
import { formatTime } from "./format-time.ts";
import { formatCost } from "./format-units.ts";

export interface StatusFacts {
  /** The address that was asked. */
  readonly url: string;
  readonly answer: ProxyAnswer;
  /** Null if it shows them only to its clients. */
  readonly details: ProxyDetails | null;
  /** What is in its record, or why that cannot be read; null if it is not on this machine, or not begun. */
  readonly extent: RecordExtent | { readonly fault: string } | null;
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
}

const labelWidth = 12;
const indent = " ".repeat(2 + labelWidth + 2);

/**
 * The output of `status`: that the proxy answers and since when, its upstream, the number of requests, and the last
 * failure; with a configuration file, how it stands with that, and its upstreams and routes.
 * @returns several lines, the last with its line break
 */
export function describeStatus(facts: StatusFacts): string {
  const { url, answer, details, paint, columns } = facts;
  const head = `claude-proxy ${escapeControlCharacters(answer.version)} answers at ${url}`;
  const lines = [paint("bold", head), "", formatRow("since", formatTime(answer.startedAt), facts)];
  if (details === null) {
    const text =
      "It shows its models and its last failure only with its client key. Set PROXY_API_KEY to see them.";
    lines.push("", foldText(text, columns));
  } else {
    lines.push(...listRows(facts, details).map(([label, value]) => formatRow(label, value, facts)));
    lines.push(...formatRecord(details, facts), ...formatTeam(details, facts));
    lines.push(...formatFailure(details, facts));
    if ("upstreams" in details)
      lines.push(...formatProblem(details, facts), "", ...formatFile(details, facts));
  }
  return `${lines.join("\n")}\n`;
}

function formatRow(label: string, value: string, { paint, columns }: StatusFacts): string {
  const shown = breakValue(escapeControlCharacters(value), columns, indent);
  return `  ${paint("grey", label.padEnd(labelWidth))}  ${shown}`;
}

function listRows({ answer }: StatusFacts, details: ProxyDetails): [string, string][] {
  const { requests, failures } = details;
  const failed = failures === 0 ? "" : `, ${failures} failed`;
  return [
    ...("upstreams" in details ? listFileRows(details) : listUpstreamRows(details)),
    ["requests", `${requests}${failed}; ${answer.runningRequests} running`],
    ...listBudgetRows(details),
  ];
}

/** What was spent against each cap; of sessions, those that have spent most. */
function listBudgetRows({ budgets = [] }: ProxyDetails): [string, string][] {
  return budgets.map(({ name, spent_usd: spent, limit_usd: limit, ends_at: ends }, index) => {
    const until = ends === null ? "" : `, until ${formatTime(ends)}`;
    return [
      index === 0 ? "budgets" : "",
      `${name}: ${formatCost(spent, 0)} of ${formatCost(limit, 0)}${until}`,
    ];
  });
}

function listUpstreamRows({ upstream, protocol, models }: UpstreamDetails): [string, string][] {
  return [
    ["upstream", upstream],
    ...(protocol === undefined ? [] : [["protocol", protocol] satisfies [string, string]]),
    ["big model", models.big],
    ["medium model", models.medium],
    ["small model", models.small],
  ];
}

function listFileRows({ config, clients }: FileDetails): [string, string][] {
  const rows: [string, string][] = [["config file", config.path]];
  if (config.loaded_at !== null) rows.push(["read", formatTime(config.loaded_at)]);
  if (config.waiting_for_start.length > 0) {
    rows.push(["next start", `${config.waiting_for_start.join(", ")}: changed, not in force yet`]);
  }
  if (clients.length > 0) rows.push(["clients", clients.join(", ")]);
  return rows;
}

/** Of which requests the messages are kept, by the setting. */
const keptBodies: ReadonlyMap<string, string> = new Map([
  ["off", "no messages"],
  ["all", "all messages"],
]);

/** Where the record is, what is in it, and what could not be written. */
function formatRecord({ record }: ProxyDetails, facts: StatusFacts): string[] {
  if (record === undefined) return [];
  if (record === null) return [formatRow("record", "none, because of RECORD=off", facts)];
  const { path, bytes, bodies, waiting, lost } = record;
  const { extent } = facts;
  const unread = extent !== null && "fault" in extent ? extent.fault : null;
  // One cause that stops both writing and reading is said once.
  const isSaid = record.fault !== null && unread?.includes(record.fault) === true;
  const faults = isSaid ? [unread] : [record.fault, unread].filter((fault) => fault !== null);
  const kept = keptBodies.get(bodies) ?? "messages of those that failed";
  const size = record.spooled === undefined ? `${(bytes / 1e6).toFixed(1)} MB` : null;
  const content = [describeExtent(extent), size, kept].filter((part) => part !== null);
  const problems = [
    ...describeSpool(record),
    ...(waiting > 0
      ? [`${waiting === 1 ? "1 request waits" : `${waiting} requests wait`} to be written`]
      : []),
    ...(lost > 0 ? [`${lost === 1 ? "1 request is" : `${lost} requests are`} lost or incomplete`] : []),
  ];
  const fold = (text: string): string[] =>
    foldText(escapeControlCharacters(indent + text), facts.columns).split("\n");
  return [
    formatRow("record", path, facts),
    ...[content.join(", "), ...problems].flatMap(fold),
    ...faults
      .flatMap((fault) => fault.split("\n"))
      .flatMap(fold)
      .map((row) => facts.paint("red", row)),
  ];
}

/** What has not reached a shared record yet; nothing for a file. */
function describeSpool({
  spooled = 0,
  away_since: awaySince,
}: NonNullable<ProxyDetails["record"]>): string[] {
  const waiting = spooled === 1 ? "1 request waits" : `${spooled} requests wait`;
  return [
    ...(spooled > 0 ? [`${waiting} on the proxy's disk until the database takes them`] : []),
    ...(awaySince == null ? [] : [`the database has taken none since ${formatTime(awaySince)}`]),
  ];
}

function describeExtent(extent: StatusFacts["extent"]): string | null {
  if (extent === null || "fault" in extent) return null;
  const { requests, firstMs } = extent;
  const since = firstMs === null ? "" : ` since ${formatTime(new Date(firstMs)).slice(0, 10)}`;
  return `${requests === 1 ? "1 request" : `${requests} requests`}${since}`;
}

/** The instances that share a record, and since when its database is away. */
function formatTeam({ team, record }: ProxyDetails, facts: StatusFacts): string[] {
  if (team === undefined) return [];
  const { instances, clients, away_since: awaySince, fault } = team;
  const of = instances === 1 ? "1 instance" : `${instances} instances`;
  const value = `${of}, ${clients === 1 ? "1 shared client" : `${clients} shared clients`}`;
  if (awaySince === null) return [formatRow("team", value, facts)];
  // What stands with the record already is not said again.
  const cause = fault === null || fault === record?.fault ? "" : ` ${fault}`;
  const text = `The database has not answered since ${formatTime(awaySince)}.${cause}`;
  const rows = foldText(escapeControlCharacters(indent + text), facts.columns).split("\n");
  return [formatRow("team", `${value}, as last known`, facts), ...rows.map((row) => facts.paint("red", row))];
}

/** Why what the file says now is not in force. */
function formatProblem({ config }: FileDetails, { paint, columns }: StatusFacts): string[] {
  if (config.problem === null) return [];
  return ["", "The file has changed since, and is not taken over:", ...config.problem].flatMap(
    (text, index) =>
      foldText(escapeControlCharacters(text), columns, "  ")
        .split("\n")
        .map((row) => (index < 2 ? row : paint("red", row))),
  );
}

/** The last failure: time, kind and model, and below it the message that the client got. */
function formatFailure({ last_failure: failure }: ProxyDetails, facts: StatusFacts): string[] {
  if (failure === null) return [];
  const { paint, columns } = facts;
  const { time, status, model } = failure;
  const what = `${formatTime(time)}  ${status}${model === null ? "" : `  ${model}`}`;
  const words = escapeControlCharacters(`${failure.type}: ${failure.message}`);
  return [
    formatRow("last failure", what, facts),
    ...foldText(indent + words, columns)
      .split("\n")
      .map((row) => paint("red", row)),
  ];
}
