// A process in another time zone: prints the sums of the record in argv[2] by day, week and month, beside those that are
// made from the rows one by one, with their local dates.
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { everyRequest } from "../../src/record/record-filter.ts";

const reader = openRecordReader(JSON.parse(process.argv[2] ?? ""));
const rows = await reader.list({ filter: everyRequest, limit: 1_000_000, before: null, afterSeq: null });
const picodollarsOf = (usd: number) => BigInt(Math.round(usd * 1e12));

/** `2026-11-30`, as the locale of Sweden writes it. */
const dayOf = (ms: number) => new Date(ms).toLocaleDateString("sv-SE");

/** Walks back to Monday and on to Thursday by calendar days. */
function weekOf(ms: number): string {
  const [year = 0, month = 1, day = 1] = dayOf(ms).split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const week = Math.ceil(((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
  return `${date.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

const keys = {
  day: dayOf,
  week: weekOf,
  month: (ms: number) => dayOf(ms).slice(0, 7),
};

const output: unknown[] = [];
for (const by of ["day", "week", "month"] as const) {
  const expected = new Map<string, { requests: number; picodollars: bigint; output: number }>();
  for (const { timeMs, costUsd, outputTokens } of rows.toReversed()) {
    const key = keys[by](timeMs);
    const sum = expected.get(key) ?? { requests: 0, picodollars: 0n, output: 0 };
    sum.requests += 1;
    sum.picodollars += picodollarsOf(costUsd ?? 0);
    sum.output += outputTokens ?? 0;
    expected.set(key, sum);
  }
  output.push({
    by,
    expected: [...expected].map(([key, sum]) => [key, sum.requests, String(sum.picodollars), sum.output]),
    sums: (await reader.sum({ by, filter: everyRequest })).map((sum) => [
      sum.key,
      sum.requests,
      String(picodollarsOf(sum.costUsd)),
      sum.outputTokens,
    ]),
  });
}
await reader.close();
await Bun.write(Bun.stdout, JSON.stringify(output));
