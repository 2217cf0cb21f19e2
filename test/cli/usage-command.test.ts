import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeUsage } from "../../src/cli/usage/describe-usage.ts";
import { formatUsageCsv } from "../../src/cli/usage/format-usage-csv.ts";
import type { UsageSum } from "../../src/record/record-reader.ts";
import type { RecordedRequest } from "../../src/record/recorded-request.ts";
import { openRecordRows, recordedRequest } from "../support/record-rows.ts";
import { runProgramIn } from "./run-program-in.ts";

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "usage-command-"));
  path = join(home, ".local/state/claude-proxy/record.sqlite");
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const run = (...args: string[]) => runProgramIn(home, ["usage", ...args]);

function write(...requests: readonly Partial<RecordedRequest>[]): void {
  using rows = openRecordRows(path);
  rows.addAll(requests.map((members, index) => recordedRequest({ requestId: `req_${index}`, ...members })));
}

/** Noon, so many days ago. */
function daysAgo(days: number): { timeMs: number; key: string } {
  const noon = new Date();
  noon.setDate(noon.getDate() - days);
  noon.setHours(0, 0, 0, 0);
  return { timeMs: noon.getTime(), key: noon.toLocaleDateString("sv-SE") };
}

test("without a record it says so, and why that may be", async () => {
  expect(await run()).toEqual({
    exitCode: 0,
    err: "",
    out: `Nothing is recorded yet: there is no file ${path}\nA proxy records its requests, unless RECORD=off is set.\n`,
  });
  expect(JSON.parse((await run("--json")).out)).toMatchObject({
    file: path,
    by: "day",
    today: null,
    sums: [],
  });
});

test("today comes first, then the last seven days; what has no price is no zero", async () => {
  const [today, before, long] = [daysAgo(0), daysAgo(1), daysAgo(7)];
  write(
    { timeMs: today.timeMs, costUsd: 1.2375, cacheReadTokens: 9000 },
    { timeMs: today.timeMs, costUsd: null },
    {
      timeMs: today.timeMs,
      status: 529,
      errorType: "overloaded_error",
      inputTokens: null,
      outputTokens: null,
      costUsd: null,
    },
    { timeMs: before.timeMs, costUsd: 0.001, firstByteMs: 12_345 },
    { timeMs: long.timeMs, costUsd: 50 },
  );
  expect(await run()).toEqual({
    exitCode: 0,
    err: "",
    out: `Today: $1.24 + ?
3 requests, 1 failed; 11.0k tokens in, 82% of them from the cache, 200 out
First byte after 0.4 s, at worst 0.4 s

The last 7 days by day; median and worst are of the time to the first byte

day         requests  errors  prompt  cache  output       cost  median   worst
${before.key}         1       0    1.0k     0%     100     <$0.01  12.3 s  12.3 s
${today.key}         3       1   11.0k    82%     200  $1.24 + ?   0.4 s   0.4 s
total              4       1   12.0k    75%     300  $1.24 + ?

? 1 request has no known cost: it broke off, or its model has no price in config.yaml (models, NAME, price).
`,
  });
});

test("--by, --since, --until and --filter choose; the most expensive comes first", async () => {
  const [today, long] = [daysAgo(0), daysAgo(20)];
  write(
    { timeMs: today.timeMs, model: "cheap\u001b[2J", costUsd: 0.01 },
    { timeMs: long.timeMs, model: "dear", costUsd: 3 },
    { timeMs: long.timeMs, model: "other", costUsd: 1, client: "web" },
  );
  const out = async (...args: string[]) => (await run("--by", "model", ...args)).out;
  expect(
    await out("--since", "30d", "--filter", "-client:web"),
  ).toBe(`Since 30d by model; median and worst are of the time to the first byte

model           requests  errors  prompt  cache  output   cost  median  worst
dear                   1       0    1.0k     0%     100  $3.00   0.4 s  0.4 s
cheap\\u001b[2J         1       0    1.0k     0%     100  $0.01   0.4 s  0.4 s
total                  2       0    2.0k     0%     200  $3.01
`);
  expect(await out("--until", long.key, "--filter", "model:none")).toBe(
    `All until ${long.key}: no requests.\n`,
  );
  expect(await out("--until", long.key, "--csv")).toBe(
    "model,requests,errors,prompt_tokens,cache_read_tokens,cache_write_tokens,output_tokens,thinking_tokens,cost_usd,unknown_costs,median_first_byte_ms,worst_first_byte_ms\r\n" +
      "dear,1,0,1000,0,0,100,0,3,0,400,400\r\nother,1,0,1000,0,0,100,0,1,0,400,400\r\n",
  );
});

test("--json gives the sums with the file and the span", async () => {
  const { timeMs, key } = daysAgo(0);
  write({ timeMs });
  const sum = {
    key,
    requests: 1,
    errors: 0,
    promptTokens: 1000,
    outputTokens: 100,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    thinkingTokens: 0,
    costUsd: 0.0125,
    unknownCosts: 0,
    medianFirstByteMs: 400,
    worstFirstByteMs: 400,
    firstMs: timeMs,
    lastMs: timeMs,
  };
  const since = new Date(daysAgo(6).timeMs).toISOString();
  expect(JSON.parse((await run("--json")).out)).toEqual({
    file: path,
    since,
    until: null,
    by: "day",
    today: sum,
    sums: [sum],
  });
});

test("a fault of the filter, of a flag or of the file has its exit code", async () => {
  expect(await run("--since", "tomorow")).toEqual({
    exitCode: 2,
    out: "",
    err: 'since:tomorow is no time: write since:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"\n',
  });
  expect((await run("--by", "hour")).exitCode).toBe(2);
  write({});
  await Bun.write(path, "no database, but long enough to be one ".repeat(40));
  expect(await run()).toEqual({
    exitCode: 1,
    out: "",
    err: `The record is damaged: ${path}\nWith its next request the proxy sets it aside, and begins a new one.\n`,
  });
});

test("help begins with an example", async () => {
  expect((await run("--help")).out).toStartWith(
    "Example: claude-proxy usage --by model --since 30d\n\nUsage: ",
  );
});

describe("in a terminal", () => {
  const sum = (members: Partial<UsageSum>): UsageSum => ({
    key: "2026-11-30",
    requests: 1234,
    errors: 5,
    promptTokens: 123_456_789,
    outputTokens: 345_678,
    cacheReadTokens: 100_000_000,
    cacheWriteTokens: 0,
    thinkingTokens: 0,
    costUsd: 1234.5,
    unknownCosts: 0,
    medianFirstByteMs: 812,
    worstFirstByteMs: 234_000,
    firstMs: 0,
    lastMs: 0,
    ...members,
  });
  const sums = [
    sum({ key: "openrouter/qwen/qwen4-coder-480b-a35b-instruct:free", costUsd: 0, unknownCosts: 1234 }),
    sum({ key: null, medianFirstByteMs: null, worstFirstByteMs: null, promptTokens: 0, cacheReadTokens: 0 }),
  ];
  const paint = (_style: string, text: string) => text;
  const show = (columns: number) =>
    describeUsage({ by: "model", span: "The last 7 days", today: sum({}), sums }, { paint, columns });

  test("a day whose cost is not known says so in words", () => {
    const today = sum({ costUsd: 0, unknownCosts: 3 });
    const told = describeUsage({ by: "day", span: "Today", today, sums: [] }, { paint, columns: 80 });
    expect(told.split("\n")[0]).toBe("Today: cost not known");
  });

  test("120 columns have room for everything", () => {
    expect(show(120)).toBe(`Today: $1,234.50
1234 requests, 5 failed; 123M tokens in, 81% of them from the cache, 346k out
First byte after 0.8 s, at worst 3.9 min

The last 7 days by model; median and worst are of the time to the first byte

model                                            requests  errors  prompt  cache  output           cost  median    worst
openrouter/qwen/qwen4-c…480b-a35b-instruct:free      1234       5    123M    81%    346k              ?   0.8 s  3.9 min
unknown                                              1234       5       0      -    346k      $1,234.50       -        -
total                                                2468      10    123M    81%    691k  $1,234.50 + ?

? 1234 requests have no known cost: they broke off, or their models have no price in config.yaml (models, NAME, price).
`);
  });

  test("80 and 60 columns have room for less", () => {
    expect(show(80)).toEndWith(`
model                     requests  errors  prompt  cache  output           cost
openrouter/q…struct:free      1234       5    123M    81%    346k              ?
unknown                       1234       5       0      -    346k      $1,234.50
total                         2468      10    123M    81%    691k  $1,234.50 + ?

? 1234 requests have no known cost: they broke off, or their models have no
price in config.yaml (models, NAME, price).
`);
    expect(show(60)).toEndWith(`
model                        requests  prompt           cost
openrouter/qw…instruct:free      1234    123M              ?
unknown                          1234       0      $1,234.50
total                            2468    123M  $1,234.50 + ?

? 1234 requests have no known cost: they broke off, or their
models have no price in config.yaml (models, NAME, price).
`);
  });

  test.each([80, 60, 40, 20])("%i columns are not exceeded", (columns) => {
    const lines = show(columns).split("\n");
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.join("\n")).toContain("cost");
  });
});

test("CSV quotes what it must, and no spreadsheet computes a name", () => {
  const base: UsageSum = {
    key: null,
    requests: 1,
    errors: 0,
    promptTokens: 1,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    thinkingTokens: 0,
    costUsd: 0.0000001,
    unknownCosts: 1,
    medianFirstByteMs: null,
    worstFirstByteMs: 1.5,
    firstMs: 0,
    lastMs: 0,
  };
  const [, ...rows] = formatUsageCsv(
    ['=cmd("x")', "a,b", null].map((key) => ({ ...base, key })),
    "model",
  ).split("\r\n");
  const rest = ",1,0,1,0,0,1,0,0.0000001,1,,1.5";
  expect(rows).toEqual([`"'=cmd(""x"")"${rest}`, `"a,b"${rest}`, rest, ""]);
});
