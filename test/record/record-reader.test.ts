import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteReader } from "../../src/record/create-remote-reader.ts";
import { parseFilter } from "../../src/record/filter/parse-filter.ts";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { everyRequest, type RecordFilter } from "../../src/record/record-filter.ts";
import type { RecordPlace } from "../../src/record/record-place.ts";
import type { ListQuery, RecordReader } from "../../src/record/record-reader.ts";
import type { RecordedBody, RecordedRequest } from "../../src/record/recorded-request.ts";
import { openRecordRows, recordedRequest } from "../support/record-rows.ts";
import { engines, type TestRecord } from "./engines.ts";

const databaseName = "record_reader";
const readers: RecordReader[] = [];

afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close();
});

function keep<Reader extends RecordReader>(reader: Reader): Reader {
  readers.push(reader);
  return reader;
}

const threads = [
  ["in this thread", (place: RecordPlace) => keep<RecordReader>(openRecordReader(place))],
  ["in another thread", (place: RecordPlace) => keep<RecordReader>(createRemoteReader(place))],
] as const;

function filterOf(text: string): RecordFilter {
  const parsed = parseFilter(text);
  if ("fault" in parsed) throw new Error(parsed.fault);
  return parsed.filter;
}

const page = (text = "", members: Partial<ListQuery> = {}): ListQuery => ({
  filter: filterOf(text),
  limit: 100,
  before: null,
  afterSeq: null,
  ...members,
});

const body = (
  name: RecordedBody["name"],
  text: string,
  members: Partial<RecordedBody> = {},
): RecordedBody => ({
  name,
  send: name.startsWith("upstream") ? 1 : 0,
  head: null,
  text,
  bytes: text.length,
  isCut: false,
  ...members,
});

const everything: RecordedRequest = recordedRequest({
  requestId: "req_full",
  client: "web-team",
  sessionId: "session-1",
  agentId: "agent-1",
  parentAgentId: "agent-0",
  agentType: "Explore",
  cacheReadTokens: 5,
  cacheWriteTokens: 6,
  thinkingTokens: 7,
  usageEstimated: true,
  firstByteMs: 400.25,
  costUsd: 0.123456789012,
  costSource: "upstream",
  sends: 2,
  attempts: [
    { upstream: "a", model: "x", key: 2, status: 429, error: null, ms: 12.5 },
    { upstream: "b", model: "y", key: null, status: null, error: "timed out", ms: 3 },
  ],
  changes: { dropped: ["top_k"], repairs: ["omit-field top_k"], warnings: ["cut"] },
  errorType: "api_error",
  errorMessage: "It broke.",
  phase: "idle",
  causeCode: "ECONNRESET",
  upstreamRequestId: "gen-1",
  prefix: { sameBytes: 10, previousBytes: 20, place: "tools[3]" },
});

const nothingKnown: RecordedRequest = recordedRequest({
  requestId: "req_none",
  ...Object.fromEntries(
    Object.entries(everything)
      .filter(
        ([name]) =>
          !["requestId", "timeMs", "path", "status", "attempts", "changes", "usageEstimated"].includes(name),
      )
      .map(([name, value]) => [
        name,
        /Bytes$|durationMs|^sends$/.test(name) && !/^request|^sent/.test(name) ? value : null,
      ]),
  ),
});

const combinations = engines.flatMap((engine) =>
  threads.map(([name, open]) => ({ name: `${engine.name} ${name}`, engine, open })),
);

describe.each(combinations)("$name", ({ engine, open: openAt }) => {
  let record: TestRecord;
  const open = () => openAt(record.place);

  beforeEach(async () => {
    record = await engine.create(databaseName);
  });

  afterEach(() => record[Symbol.asyncDispose]());

  test("without a file all answers are empty, until there is one", async () => {
    const reader = open();
    expect(await reader.list(page())).toEqual([]);
    expect(await reader.find("req_1")).toBeNull();
    expect(await reader.sum({ by: "day", filter: everyRequest })).toEqual([]);
    expect(await reader.sessions({ filter: everyRequest, limit: 5 })).toEqual([]);
    expect(await reader.spent({ sinceMs: 0 })).toEqual({
      usd: 0,
      unknown: { requests: 0, promptTokens: 0, outputTokens: 0 },
    });
    await record.write({ requestId: "req_1" });
    expect((await reader.find("req_1"))?.request).toEqual(recordedRequest({ requestId: "req_1" }));
  });

  test("how many requests there are, and since when", async () => {
    const reader = keep(openRecordReader(record.place));
    expect(await reader.extent()).toEqual({ requests: 0, firstMs: null });
    expect(await reader.hasBegun()).toBe(false);
    await record.write({ requestId: "req_1", timeMs: 2000 }, { requestId: "req_2", timeMs: 1000 });
    expect(await reader.extent()).toEqual({ requests: 2, firstMs: 1000 });
    expect(await reader.hasBegun()).toBe(true);
  });

  test("a request is read as it was written, with all that is known or nothing", async () => {
    await record.write({ ...everything, bodies: [body("client-request", "{}")] }, nothingKnown);
    expect(await open().list(page())).toEqual([
      { ...nothingKnown, seq: 2, hasBodies: false },
      { ...everything, seq: 1, hasBodies: true },
    ]);
  });

  test("bodies come in the order in which they were sent", async () => {
    const head = { url: "http://127.0.0.1/v1/chat/completions", headers: { accept: "*/*" } };
    const bodies = [
      body("client-request", "\ufeffäöü\u0000", { bytes: 2_000_000, isCut: true }),
      body("upstream-request", "first", { head }),
      body("upstream-response", "429"),
      body("upstream-request", "second", { head, send: 2 }),
      body("upstream-response", "200", { send: 2 }),
      body("client-response", "answer"),
    ];
    await record.write({ requestId: "req_1", bodies: bodies.toReversed() });
    expect(await open().find("req_1")).toEqual({ request: recordedRequest({ requestId: "req_1" }), bodies });
  });

  test("the beginning of an id is enough if no other id begins so", async () => {
    await record.write(
      { requestId: "req_abc1" },
      { requestId: "req_abc2" },
      { requestId: "req_abc" },
      { requestId: "req_b%_" },
    );
    const found = async (id: string) => (await open().find(id))?.request.requestId ?? null;
    expect(
      await Promise.all(["req_abc1", "req_abc", "req_ab", "req_b", "req_%", "q", ""].map(found)),
    ).toEqual(["req_abc1", "req_abc", null, "req_b%_", null, null, null]);
  });

  test("a page goes on where the last one ended, and new requests come in their order", async () => {
    await record.write(
      ...[30, 10, 20, 20, 20].map((timeMs, index) => ({ requestId: `req_${index + 1}`, timeMs })),
    );
    const reader = open();
    const seqs = async (members: Partial<ListQuery>) =>
      (await reader.list(page("", members))).map(({ seq }) => seq);
    expect(await seqs({ limit: 3 })).toEqual([1, 5, 4]);
    expect(await seqs({ limit: 3, before: { timeMs: 20, seq: 4 } })).toEqual([3, 2]);
    expect(await seqs({ afterSeq: 2 })).toEqual([3, 4, 5]);
  });
});

describe.each(threads)("a file %s", (_name, openAt) => {
  let folder: string;
  let path: string;
  const open = () => openAt({ kind: "file", path });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "record-reader-"));
    path = join(folder, "record.sqlite");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(members: Partial<RecordedRequest>): void {
    using rows = openRecordRows(path);
    rows.add(recordedRequest(members));
  }

  test("is not made by a reader", async () => {
    expect(await open().list(page())).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  test("a fault of the file is told with what to do, and leaves it as it is", async () => {
    write({});
    const database = new Database(path);
    database.run("pragma user_version = 99");
    database.close();
    const ask = () => open().list(page());
    expect(ask()).rejects.toThrow(
      `The record was written by a newer claude-proxy: ${path}\nRead it with that program, or update this one.`,
    );
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    writeFileSync(path, "no database at all, but long enough to be read as the head of one".repeat(50));
    const before = readFileSync(path);
    await expect(ask()).rejects.toMatchObject({
      name: "RecordReadError",
      message: `The record is damaged: ${path}\nWith its next request the proxy sets it aside, and begins a new one.`,
    });
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(["record.sqlite"]);
  });

  test("a writer at work keeps nobody waiting", async () => {
    write({ requestId: "req_1" });
    const writer = new Database(path);
    writer.run("begin immediate");
    writer.run("update requests set status = 500");
    expect((await open().find("req_1"))?.request.status).toBe(200);
    writer.run("rollback");
    writer.close();
  });

  test("who keeps the whole file locked is told of", async () => {
    write({});
    const writer = new Database(path);
    writer.run("pragma journal_mode = delete");
    writer.run("begin exclusive");
    await expect(open().list(page())).rejects.toThrow(
      `Another program keeps the record locked: ${path}\nTry again, or end that program.`,
    );
    writer.run("rollback");
    writer.close();
  });

  test("another file in its place is noticed", async () => {
    write({ requestId: "req_old" });
    const reader = open();
    expect(await reader.find("req_old")).not.toBeNull();
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    write({ requestId: "req_new" });
    expect((await reader.list(page())).map(({ requestId }) => requestId)).toEqual(["req_new"]);
  });
});

describe.each(engines)("a filter of $name chooses", (engine) => {
  const requests: readonly Partial<RecordedRequest>[] = [
    { requestId: "req_1", client: "Web_Team", sessionId: "abc-1", kind: "title", costUsd: 0.1, sends: 2 },
    {
      requestId: "req_2",
      status: 429,
      errorType: "rate_limit_error",
      errorMessage: "Too 100% many ÜBER.",
      model: null,
    },
    {
      requestId: "req_3",
      errorType: "api_error",
      errorMessage: "broke off",
      inputTokens: 50,
      cacheReadTokens: 200_000,
    },
    {
      requestId: "req_4",
      status: 499,
      agentId: "a1",
      agentType: "Explore",
      costUsd: null,
      durationMs: 31_000,
    },
    {
      requestId: "req_5",
      model: "Deep*Seek",
      changes: { dropped: ["top_k"], repairs: [], warnings: [] },
      usageEstimated: true,
      prefix: { sameBytes: 90, previousBytes: 90, place: null },
    },
    {
      requestId: "req_6",
      timeMs: Date.UTC(2026, 10, 29),
      rule: "cases[2]",
      stopReason: "max_tokens",
      firstByteMs: 2500,
      prefix: { sameBytes: 10, previousBytes: 90, place: "tools[0]" },
    },
  ];

  let record: TestRecord;
  let bodied: TestRecord;
  beforeAll(async () => {
    record = await engine.create(databaseName);
    await record.write(...requests);
    bodied = await engine.create(`${databaseName}_bodies`);
  });
  afterAll(async () => {
    await record[Symbol.asyncDispose]();
    await bodied[Symbol.asyncDispose]();
  });

  test.each<[string, number[]]>([
    ["", [1, 2, 3, 4, 5, 6]],
    ["id:req_1", [1]],
    ["session:abc", [1]],
    ["session:bc", []],
    ["client:web_team", [1]],
    ["client:webxteam", []],
    ["-client:web*", [2, 3, 4, 5, 6]],
    ["agent:expl", [4]],
    ["kind:title", [1]],
    ["kind:titl", []],
    ["-model:*glm*", [2, 5]],
    ["model:deep*", [5]],
    ["error:rate_limit_error", [2]],
    ["error:*off", [3]],
    ["-error:*", []],
    ["rule:cases* stop:max_tokens", [6]],
    ["asked:claude-* upstream:openrouter", [1, 2, 3, 4, 5, 6]],
    ["status:4xx", [2, 4]],
    ["status:>=400 status:<499", [2]],
    ["cost:0.1", [1]],
    ["cost:>0.0124 cost:<0.05", [2, 3, 5, 6]],
    ["input:>200k", [3]],
    ["cached:200k", [3]],
    ["output:100 ms:>30s", [4]],
    ["first:>2s", [6]],
    ["sends:>1", [1]],
    ["is:retried", [1]],
    ["is:error", [2, 3]],
    ["is:changed", [5]],
    ["is:estimated", [5]],
    ["is:broken", [6]],
    ["is:broken is:error", []],
    ["100%", [2]],
    ["RATE_limit many", [2]],
    ["top_k", [5]],
    ["dropped", [5]],
    ["nul\0byte", []],
    ["ÜBER", [2]],
    ["über", []],
    ["since:2026-11-30T00:00:00Z", [1, 2, 3, 4, 5]],
    ["until:2026-11-29T00:00:00.001Z", [6]],
    ["until:2026-11-29T00:00:00Z", []],
  ])("%p", async (text, expected) => {
    const found = await keep(openRecordReader(record.place)).list(page(text));
    expect(found.map(({ seq }) => seq).toSorted()).toEqual(expected);
  });

  test("words of bodies, also for sums and sessions", async () => {
    const bodies = [body("client-request", "Where is the Canary?"), body("client-response", "in the mine")];
    await bodied.write(
      { requestId: "req_1", sessionId: "s1", bodies },
      { requestId: "req_2", sessionId: "s2", bodies: [body("client-request", "canary")] },
      { requestId: "req_3", sessionId: "s3" },
    );
    const reader = keep(openRecordReader(bodied.place));
    const found = async (text: string, members: Partial<ListQuery> = {}) =>
      (await reader.list(page(text, members))).map(({ seq }) => seq);
    expect(await found("body:CANARY")).toEqual([2, 1]);
    expect(await found("body:canary", { limit: 1 })).toEqual([2]);
    expect(await found("body:canary", { before: { timeMs: recordedRequest().timeMs, seq: 2 } })).toEqual([1]);
    expect(await found('body:canary body:"the mine"')).toEqual([1]);
    expect(await found("body:canary id:req_2")).toEqual([2]);
    expect(await reader.sum({ by: "session", filter: filterOf("body:mine") })).toMatchObject([
      { key: "s1", requests: 1 },
    ]);
    expect(
      (await reader.sessions({ filter: filterOf("body:canary"), limit: 9 })).map(
        ({ sessionId }) => sessionId,
      ),
    ).toEqual(["s2", "s1"]);
  });
});

test.each(engines)(
  "a search of many bodies of $name lets other questions in between, and says where it ended",
  async (engine) => {
    const long = "x".repeat(1_000_000);
    await using record = await engine.create(databaseName);
    const bodies = [body("client-request", long)];
    await record.write(...Array.from({ length: 210 }, (_, count) => ({ requestId: `req_${count}`, bodies })));
    const reader = keep(createRemoteReader(record.place));
    const order: string[] = [];
    const notes: string[] = [];
    const search = reader
      .list(page("body:canary"), (note) => notes.push(note))
      .then((found) => order.push(`search ${found.length}`));
    const other = reader.spent({ sinceMs: 0 }).then(({ usd }) => order.push(`spent ${usd}`));
    await Promise.all([search, other]);
    expect(order).toEqual(["spent 2.625", "search 0"]);
    expect(notes).toEqual([
      "The search ended after 5 seconds or 200 MB of bodies, so older requests were not searched. Narrow it down, for example with since:2h or model:glm*.",
    ]);
  },
  30_000,
);

test("the thread rests without questions, and starts again with the next", async () => {
  const [engine] = engines;
  if (engine === undefined) throw new Error("there is an engine");
  await using record = await engine.create(databaseName);
  await record.write({ requestId: "req_1" });
  const reader = keep(createRemoteReader(record.place, { restMs: 1 }));
  for (let round = 0; round < 3; round += 1) {
    expect((await reader.find("req_1"))?.request.requestId).toBe("req_1");
    await Bun.sleep(20);
  }
  const pending = reader.find("req_1");
  await reader.close();
  await expect(pending).rejects.toThrow("The reader of the record was closed.");
});
