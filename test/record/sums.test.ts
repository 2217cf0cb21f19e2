import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { wasAtWork } from "../../src/record/cost-of.ts";
import { listPeriods } from "../../src/record/list-periods.ts";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { createSharedConnection } from "../../src/record/postgres/create-shared-connection.ts";
import { everyRequest } from "../../src/record/record-filter.ts";
import type { RecordPlace } from "../../src/record/record-place.ts";
import type { RecordedRequest } from "../../src/record/recorded-request.ts";
import { readSessions } from "../../src/record/sql/read-sessions.ts";
import type { RecordDatabase } from "../../src/record/sql/record-database.ts";
import { createReadConnection } from "../../src/record/sqlite/read-connection.ts";
import { sqliteDialect } from "../../src/record/sqlite/sqlite-dialect.ts";
import { openRecordRows } from "../support/record-rows.ts";
import { type Engine, engines, type TestRecord } from "./engines.ts";
import { readRows } from "./recorded.ts";

const records: TestRecord[] = [];

afterEach(async () => {
  for (const record of records.splice(0)) await record[Symbol.asyncDispose]();
});

async function write(engine: Engine, requests: readonly Partial<RecordedRequest>[]): Promise<RecordPlace> {
  const record = await engine.create("record_sums");
  records.push(record);
  await record.write(...requests.map((members, index) => ({ requestId: `req_${index}`, ...members })));
  return record.place;
}

/** Around the days on which the clocks change somewhere, and around the turn of years. */
const turns = [
  "2026-03-08",
  "2026-03-29",
  "2026-04-05",
  "2026-10-04",
  "2026-10-25",
  "2026-11-01",
  "2026-12-28",
  "2027-01-03",
].map((day) => Date.parse(`${day}T12:00:00Z`));
const times = fc
  .constantFrom(...turns)
  .chain((ms) => fc.integer({ min: ms - 4 * 86_400_000, max: ms + 4 * 86_400_000 }));
const rowsOf = fc.array(
  fc.record({
    timeMs: times,
    costUsd: fc.option(fc.integer({ min: 0, max: 10 ** 13 }).map((picodollars) => picodollars / 1e12)),
    outputTokens: fc.option(fc.nat(100_000)),
  }),
  { minLength: 1, maxLength: 300 },
);

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

test.each(engines.flatMap((engine) => zones.map((zone) => ({ engine, name: engine.name, zone }))))(
  "sums of $name by day, week and month are the sums of the rows in $zone",
  async ({ engine, zone }) => {
    const samples = fc.sample(rowsOf, { numRuns: 3, seed: 42 });
    for (const rows of samples) {
      const place = await write(engine, rows);
      const child = Bun.spawn(
        [process.execPath, "--no-env-file", join(import.meta.dir, "sum-by-zone.ts"), JSON.stringify(place)],
        {
          env: { ...process.env, TZ: zone },
          stdout: "pipe",
        },
      );
      const output: { expected: unknown; sums: unknown }[] = JSON.parse(
        await new Response(child.stdout).text(),
      );
      expect(output).toHaveLength(3);
      for (const { expected, sums } of output) expect(sums).toEqual(expected);
    }
  },
);

test("periods follow one another without a gap, and hold the whole span", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("day", "week", "month"),
      times,
      fc.nat(100 * 86_400_000),
      (by, fromMs, length) => {
        const periods = listPeriods(by, fromMs, fromMs + length);
        const [first, last] = [periods[0], periods.at(-1)];
        expect(first?.startMs).toBeLessThanOrEqual(fromMs);
        expect(first?.endMs).toBeGreaterThan(fromMs);
        expect(last?.endMs).toBeGreaterThan(fromMs + length);
        expect(periods.slice(1).map(({ startMs }) => startMs)).toEqual(
          periods.slice(0, -1).map(({ endMs }) => endMs),
        );
        expect(new Set(periods.map(({ key }) => key)).size).toBe(periods.length);
      },
    ),
  );
});

// On macOS the system's SQLite is used, which may be older.
test.skipIf(process.platform === "darwin")("the costs since a time are read from the index alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "record-sums-"));
  const path = join(folder, "record.sqlite");
  openRecordRows(path)[Symbol.dispose]();
  const columns = `sum(cost_picousd), sum(${sqliteDialect.isUnknownCost})`;
  const [step] = readRows(path, `explain query plan select ${columns} from requests where time >= 1`);
  expect(step?.["detail"]).toBe("SEARCH requests USING COVERING INDEX requests_by_time (time>?)");
  rmSync(folder, { recursive: true, force: true });
});

describe.each(engines)("of $name", (engine) => {
  test("a model that was at work for nobody knows how much is counted, here as in the metrics", async () => {
    const cases = [200, 499, 400, 529].flatMap((status) =>
      [null, 0, 7].flatMap((outputTokens) => [0, 1].map((sends) => ({ status, outputTokens, sends }))),
    );
    const place = await write(
      engine,
      cases.map((one, index) => ({ ...one, timeMs: index, model: String(index), costUsd: null })),
    );
    const reader = openRecordReader(place);
    const sums = await reader.sum({ by: "model", filter: everyRequest });
    await reader.close();
    const counted = new Map(sums.map(({ key, unknownCosts }) => [key, unknownCosts]));
    const expected = cases.map(({ sends: attempts, ...one }) => Number(wasAtWork({ ...one, attempts })));
    expect(cases.map((_, index) => counted.get(String(index)))).toEqual(expected);
    expect(expected.filter((one) => one === 1)).toHaveLength(12);
  });

  test("the members of a sum", async () => {
    const place = await write(engine, [
      {
        timeMs: 1000,
        inputTokens: 10,
        cacheReadTokens: 20,
        cacheWriteTokens: 30,
        outputTokens: 5,
        thinkingTokens: 2,
        costUsd: 0.1,
        firstByteMs: 100.1234567,
      },
      { timeMs: 2000, inputTokens: 1, outputTokens: 7, costUsd: 0.2, firstByteMs: 300 },
      { timeMs: 3000, inputTokens: 1, outputTokens: 7, costUsd: null, firstByteMs: 200 },
      {
        timeMs: 4000,
        status: 529,
        errorType: "overloaded_error",
        inputTokens: null,
        outputTokens: null,
        costUsd: null,
        firstByteMs: null,
      },
      { timeMs: 5000, status: 499, inputTokens: null, outputTokens: null, costUsd: null, firstByteMs: 250 },
      {
        timeMs: 6000,
        path: "/v1/messages/count_tokens",
        kind: "count",
        inputTokens: 999,
        outputTokens: null,
        costUsd: null,
      },
      { timeMs: 7000, path: "/v1/models", status: 404, inputTokens: null, outputTokens: null, costUsd: null },
    ]);
    const reader = openRecordReader(place);
    const sum = {
      key: "z-ai/glm-5.3",
      requests: 5,
      errors: 1,
      promptTokens: 62,
      outputTokens: 19,
      cacheReadTokens: 20,
      cacheWriteTokens: 30,
      thinkingTokens: 2,
      costUsd: 0.3,
      // The client that went away has left an answer for which somebody pays.
      unknownCosts: 2,
      medianFirstByteMs: 225,
      worstFirstByteMs: 300,
      firstMs: 1000,
      lastMs: 5000,
    };
    expect(await reader.sum({ by: "model", filter: everyRequest })).toEqual([sum]);
    expect(await reader.sum({ by: "kind", filter: { ...everyRequest, untilMs: 1500 } })).toEqual([
      {
        ...sum,
        key: "main",
        requests: 1,
        errors: 0,
        promptTokens: 60,
        outputTokens: 5,
        costUsd: 0.1,
        unknownCosts: 0,
        medianFirstByteMs: 100.123,
        worstFirstByteMs: 100.1234567,
        lastMs: 1000,
      },
    ]);
    expect(await reader.spent({ sinceMs: 1500 })).toEqual({
      usd: 0.2,
      unknown: { requests: 2, promptTokens: 991, outputTokens: 7 },
    });
    await reader.close();
  });

  describe("others than times come from the most expensive", () => {
    const rows = [
      { client: "a", costUsd: 1, sessionId: "s1" },
      { client: "b", costUsd: 2, sessionId: "s2" },
      { client: null, costUsd: null, inputTokens: 5000 },
      { client: "c", costUsd: null, inputTokens: 9000 },
      { client: "a", costUsd: 2, sessionId: "s1" },
    ];

    test("sums", async () => {
      const reader = openRecordReader(await write(engine, rows));
      const sums = await reader.sum({ by: "client", filter: everyRequest });
      expect(sums.map(({ key, costUsd, unknownCosts }) => [key, costUsd, unknownCosts])).toEqual([
        ["a", 3, 0],
        ["b", 2, 0],
        ["c", 0, 1],
        [null, 0, 1],
      ]);
      await reader.close();
    });

    test("what was spent by a client, and in a session", async () => {
      const reader = openRecordReader(await write(engine, rows));
      expect((await reader.spent({ sinceMs: 0 })).usd).toBe(5);
      expect((await reader.spent({ sinceMs: 0, client: "a" })).usd).toBe(3);
      expect((await reader.spent({ sinceMs: 0, sessionId: "s2" })).usd).toBe(2);
      await reader.close();
    });
  });

  test("sessions come from the last one, with their agents, their context and window", async () => {
    const main = { sessionId: "s1", client: "web" };
    const sub = { sessionId: "s1", agentId: "a1", agentType: "Explore", kind: "subagent" };
    const place = await write(engine, [
      { ...main, timeMs: 1000, model: "old" },
      { ...sub, timeMs: 2000, model: "small", window: 32_000, costUsd: null },
      { ...main, timeMs: 3000, model: "new", cacheReadTokens: 50_000, window: 131_072 },
      { ...main, timeMs: 4000, kind: "title", model: "tiny" },
      {
        ...main,
        timeMs: 5000,
        model: "broken",
        status: 500,
        errorType: "api_error",
        outputTokens: null,
        costUsd: null,
      },
      { sessionId: "s2", timeMs: 500, outputTokens: null, inputTokens: null, costUsd: null },
      { timeMs: 9000 },
    ]);
    const reader = openRecordReader(place);
    const sessions = await reader.sessions({ filter: everyRequest, limit: 5 });
    expect(
      sessions.map(({ sessionId, client, sum }) => [sessionId, client, sum.requests, sum.costUsd]),
    ).toEqual([
      ["s1", "web", 5, 0.0375],
      ["s2", null, 1, 0],
    ]);
    expect(sessions[0]?.agents).toEqual([
      {
        agentId: null,
        parentAgentId: null,
        agentType: null,
        requests: 4,
        errors: 1,
        costUsd: 0.0375,
        unknownCosts: 0,
        firstMs: 1000,
        lastMs: 5000,
        model: "new",
        contextTokens: 51_100,
        window: 131_072,
      },
      {
        agentId: "a1",
        parentAgentId: null,
        agentType: "Explore",
        requests: 1,
        errors: 0,
        costUsd: 0,
        unknownCosts: 1,
        firstMs: 2000,
        lastMs: 2000,
        model: "small",
        contextTokens: 1100,
        window: 32_000,
      },
    ]);
    expect(sessions[1]?.agents).toMatchObject([{ model: null, contextTokens: null, window: null }]);
    expect(await reader.sessions({ filter: everyRequest, limit: 1 })).toHaveLength(1);
    await reader.close();
  });

  test("of a session that two clients have used each is told its own alone", async () => {
    const place = await write(engine, [
      {
        sessionId: "s1",
        client: "web",
        timeMs: 1000,
        model: "small",
        inputTokens: 10,
        outputTokens: 5,
        window: 100,
      },
      { sessionId: "s1", client: "app", timeMs: 2000, model: "secret", window: 200 },
    ]);
    const reader = openRecordReader(place);
    const texts = [{ member: "client", pattern: "web", isNegated: false } as const];
    const [session] = await reader.sessions({ filter: { ...everyRequest, texts }, limit: 1 });
    expect(session).toMatchObject({
      client: "web",
      agents: [{ requests: 1, model: "small", contextTokens: 15, window: 100 }],
      sum: { requests: 1, lastMs: 1000 },
    });
    await reader.close();
  });

  test("behind a compaction the context of an agent is its answer, and what its shortest prompt had", async () => {
    const turn = { sessionId: "s1", kind: "main", inputTokens: 1000, outputTokens: 100 };
    const compaction = { ...turn, kind: "compaction", inputTokens: 90_000, outputTokens: 3000 };
    const sub = { agentId: "a1", kind: "subagent" };
    const place = await write(engine, [
      { ...turn, timeMs: 1000 },
      { ...turn, timeMs: 2000, inputTokens: 89_000 },
      { ...turn, ...sub, timeMs: 2500, inputTokens: 10 },
      { ...compaction, timeMs: 3000 },
    ]);
    const reader = openRecordReader(place);
    const [session] = await reader.sessions({ filter: everyRequest, limit: 1 });
    expect(session?.agents.map(({ contextTokens }) => contextTokens)).toEqual([4000, 110]);
    await reader.close();
  });

  test("behind a compaction the prompts of another client in the same session do not count", async () => {
    const turn = { sessionId: "s1", client: "web", inputTokens: 1000, outputTokens: 100 };
    const place = await write(engine, [
      { ...turn, timeMs: 1000 },
      { ...turn, timeMs: 2000, client: "app", inputTokens: 7 },
      { ...turn, timeMs: 2500, client: null, inputTokens: 8 },
      { ...turn, timeMs: 3000, kind: "compaction", inputTokens: 90_000, outputTokens: 3000 },
    ]);
    const reader = openRecordReader(place);
    const ofWeb = [{ member: "client", pattern: "web", isNegated: false } as const];
    for (const texts of [[], ofWeb]) {
      const [session] = await reader.sessions({ filter: { ...everyRequest, texts }, limit: 1 });
      expect(session?.agents.map(({ contextTokens }) => contextTokens)).toEqual([4000]);
    }
    await reader.close();
  });

  test("sessions are found behind however many requests of another one, and those without a session", async () => {
    const place = await write(engine, [
      { sessionId: "old", timeMs: 10 },
      { sessionId: "older", timeMs: 5 },
      ...Array.from({ length: 600 }, (_, index) => ({ sessionId: "busy", timeMs: 1000 + index })),
      ...Array.from({ length: 600 }, (_, index) => ({ sessionId: null, timeMs: 1000 + index })),
    ]);
    const reader = openRecordReader(place);
    const found = async (limit: number) =>
      (await reader.sessions({ filter: everyRequest, limit })).map(({ sessionId, sum: { requests } }) => [
        sessionId,
        requests,
      ]);
    expect(await found(1)).toEqual([["busy", 600]]);
    expect(await found(2)).toEqual([
      ["busy", 600],
      ["old", 1],
    ]);
    expect(await found(9)).toEqual([
      ["busy", 600],
      ["old", 1],
      ["older", 1],
    ]);
    await reader.close();
  });

  test("the list of sessions is a handful of questions, however many sessions and agents there are", async () => {
    const place = await write(
      engine,
      Array.from({ length: 200 }, (_, index) => ({
        sessionId: `s${index % 20}`,
        agentId: `a${index % 7}`,
        timeMs: index,
      })),
    );
    const connection =
      place.kind === "file" ? createReadConnection(place.path) : createSharedConnection(place.url);
    let questions = 0;
    const sessions = await connection.use((database) => {
      const counted: RecordDatabase = {
        ...database,
        all(sql, values) {
          questions += 1;
          return database.all(sql, values);
        },
      };
      return readSessions(counted, { filter: everyRequest, limit: 20 }, []);
    });
    await connection.close();
    expect([sessions.length, sessions.flatMap(({ agents }) => agents).length, questions]).toEqual([
      20, 140, 5,
    ]);
  });
});
