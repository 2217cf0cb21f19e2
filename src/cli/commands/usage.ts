import { type Command, Option } from "commander";
import type { UsageGroup } from "../../record/record-reader.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface UsageFlags {
  readonly by: UsageGroup;
  readonly since?: string;
  readonly until?: string;
  readonly filter?: string;
  readonly json?: true;
  readonly csv?: true;
}

/** Written here too, so that `--help` does not load the record. */
const groups = [
  "day",
  "week",
  "month",
  "model",
  "upstream",
  "client",
  "session",
  "kind",
] as const satisfies readonly UsageGroup[];

/** Adds `claude-proxy usage`, which sums up the record of this user's requests. Needs no settings and no proxy. */
export function addUsageCommand(program: Command, terminal: Terminal): void {
  program
    .command("usage")
    .description("Show what was asked and what it cost: today, and the last days")
    .addOption(new Option("--by <what>", "What the sums are made for").choices(groups).default("day"))
    .option("--since <time>", "From then on: 7d, 2h, yesterday, 2026-11-01 (default: the last 7 days)")
    .option("--until <time>", "Until then; a day is meant with its end")
    .option("--filter <text>", "Only such requests, in the words of `claude-proxy logs`")
    .option("--json", "Print JSON")
    .addOption(new Option("--csv", "Print a table for other programs").conflicts("json"))
    .addHelpText("before", "Example: claude-proxy usage --by model --since 30d\n")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((flags: UsageFlags) => showUsage(flags, terminal));
}

function composeNotes(): string {
  return (
    "Days are those of your time zone. Costs are the upstream's own figures, or tokens times a known price. A cost that " +
    "is not known is a question mark and never zero. Counts of tokens (count_tokens) are no requests here, and a " +
    "request that the client gave up is no error."
  );
}

async function showUsage(flags: UsageFlags, terminal: Terminal): Promise<void> {
  const { explainNoRecord, findRecord, readFilterTerms, whileReading } = await import("../read-record.ts");
  const { quoteValue } = await import("../../record/filter/split-terms.ts");
  const { by, since, until, filter: text, json, csv } = flags;
  const terms = text === undefined ? [] : [text];
  const ends = until === undefined ? [] : [`until:${quoteValue(until)}`];
  const isUsual = since === undefined && until === undefined;
  const begins = isUsual
    ? [`since:${firstDay()}`]
    : since === undefined
      ? []
      : [`since:${quoteValue(since)}`];
  const filter = await readFilterTerms([...terms, ...begins, ...ends]);
  const todayFilter = await readFilterTerms([...terms, "since:today"]);
  const { place, exists, reader } = await findRecord();
  const { foldText } = await import("../../logging/fold-text.ts");
  const note = (message: string) => terminal.stderr(`${foldText(message, terminal.columns, "  ")}\n`);
  const hasToday = isUsual && csv === undefined;
  const [[today = null] = [], sums] = await whileReading(async () => [
    hasToday ? await reader.sum({ by: "day", filter: todayFilter }, note) : undefined,
    await reader.sum({ by, filter }, note),
  ]);
  await reader.close();
  if (json === true) {
    const { nameRecordPlace } = await import("../../record/record-place.ts");
    const { sinceMs, untilMs } = filter;
    const span = { since: toIsoTime(sinceMs), until: toIsoTime(untilMs) };
    const where = place.kind === "file" ? { file: place.path } : { database: nameRecordPlace(place) };
    const report = { ...where, ...span, by, ...(hasToday ? { today } : {}), sums };
    terminal.stdout(`${JSON.stringify(report, null, 2)}\n`);
  } else if (csv === true) {
    const { formatUsageCsv } = await import("../usage/format-usage-csv.ts");
    terminal.stdout(formatUsageCsv(sums, by));
  } else if (!exists) {
    terminal.stdout(`${foldText(await explainNoRecord(place), terminal.columns, "  ")}\n`);
  } else {
    const { createPaint } = await import("../../logging/paint.ts");
    const { describeUsage } = await import("../usage/describe-usage.ts");
    const { columns, useColor } = terminal;
    const report = { by, span: describeSpan(flags), sums, ...(hasToday ? { today } : {}) };
    terminal.stdout(describeUsage(report, { paint: createPaint(useColor), columns }));
  }
}

/** The first of seven days of which today is the last. */
function firstDay(): string {
  const day = new Date();
  day.setDate(day.getDate() - 6);
  return day.toLocaleDateString("sv-SE");
}

function describeSpan({ since, until }: UsageFlags): string {
  if (since === undefined && until === undefined) return "The last 7 days";
  const begin = since === undefined ? "All" : `Since ${since}`;
  return until === undefined ? begin : `${begin} until ${until}`;
}

function toIsoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
