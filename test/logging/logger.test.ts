import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogLevel } from "../../src/config/config.ts";
import { createRecordBounds } from "../../src/logging/bound-record.ts";
import { createLogger, type LoggerOptions, type ProgramLogger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { isObject } from "../support/strict/json.ts";
import { createRecord } from "./request-record.ts";

const secret = "canary-key-0123456789";
const time = new Date(2026, 10, 24, 9, 5, 7);

let folder: string;
let path: string;
let lines: string[];
let now: Date;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logger-"));
  path = join(folder, "proxy.log");
  lines = [];
  now = time;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function create(options: Partial<LoggerOptions> = {}): ProgramLogger {
  return createLogger({
    level: "INFO",
    logFilePath: path,
    secrets: [secret],
    writeConsole: (text) => lines.push(...text.split("\n")),
    now: () => now,
    ...options,
  });
}

const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

const readRecords = (): unknown[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

function useAll(logger: ProgramLogger): void {
  logger.info("an info");
  logger.warn("a warning");
  logger.error("an error");
  logger.debugBody("req_1", "upstream-request", { model: "m" });
  logger.request(createRecord({ upstreamModel: "good" }));
  logger.request(createRecord({ upstreamModel: "gone", status: 499, errorType: "client_closed" }));
  logger.request(
    createRecord({ upstreamModel: "late", status: 200, errorType: "api_error", errorMessage: "cut" }),
  );
  logger.request(createRecord({ upstreamModel: "wrong", status: 400, errorType: "invalid_request_error" }));
  logger.close();
}

describe("levels", () => {
  const shown: [LogLevel, string[], string[]][] = [
    [
      "DEBUG",
      ["an info", "a warning", "an error", "good", "gone", "late", "wrong"],
      ["an info", "a warning", "an error", "body", "request", "request", "request", "request"],
    ],
    [
      "INFO",
      ["an info", "a warning", "an error", "good", "gone", "late", "wrong"],
      ["an info", "a warning", "an error", "request", "request", "request", "request"],
    ],
    [
      "WARN",
      ["a warning", "an error", "late", "wrong"],
      ["a warning", "an error", "request", "request", "request", "request"],
    ],
    ["ERROR", ["an error", "late"], ["an error", "request", "request", "request", "request"]],
  ];

  test.each(shown)(
    "at %s the console shows what counts, and the file has every request",
    (level, words, events) => {
      const logger = create({ level });
      useAll(logger);
      const told = lines.filter((line) => !line.startsWith("   "));
      expect(told.map((line) => words.find((word) => line.includes(word)) ?? line)).toEqual(words);
      expect(readRecords()).toEqual(events.map((event) => expect.objectContaining({ event })));
      expect(logger.isDebug).toBe(level === "DEBUG");
    },
  );
});

const probes = ["/", "/health", "/ready", "/api/hello", "/api/event_logging/batch"];

test.each(probes)("whoever only asks whether the server is there (%s) has a record and no line", (probed) => {
  const logger = create();
  const probe = { path: probed, clientModel: null, upstreamModel: null, method: "GET" };
  logger.request(createRecord(probe));
  logger.request(createRecord({ ...probe, status: 503, errorType: "api_error", errorMessage: "stopping" }));
  logger.request(createRecord({ ...probe, status: 405, errorType: null }));
  logger.request(createRecord({ ...probe, errorType: "api_error", errorMessage: "cut" }));
  logger.close();
  expect(lines.map((line) => line.trim().split(/ {2,}/)[1] ?? line.trim())).toEqual([
    `GET ${probed}`,
    "api_error: stopping",
    `GET ${probed}`,
    `GET ${probed}`,
    "api_error: cut",
  ]);
  expect(readRecords()).toHaveLength(4);
});

test("the id of a request is in the file, and takes no room on the console", () => {
  const logger = create();
  logger.warn("the model returned nothing", { requestId: "req_1", model: "m" });
  logger.close();
  expect(lines.map((line) => line.slice(10))).toEqual(["WARN  the model returned nothing  model=m"]);
  expect(readRecords()).toEqual([expect.objectContaining({ requestId: "req_1", model: "m" })]);
});

test("on a terminal lines are folded to its width as it is then, and a failure stands in its colour", () => {
  let columns = 60;
  const logger = create({ useColor: true, getColumns: () => columns });
  logger.warn("the upstream does not know what it was asked for, so it was left out", { field: "top_k" });
  columns = 120;
  logger.warn("the upstream does not know what it was asked for, so it was left out", { field: "top_k" });
  columns = 80;
  logger.request(
    createRecord({
      status: 502,
      errorType: "api_error",
      errorMessage: "cannot reach localhost:11434: ECONNREFUSED. Does a server run there?",
    }),
  );
  logger.close();
  expect(lines).toEqual([
    "\u001b[38;5;243m09:05:07\u001b[39m  \u001b[38;5;130mWARN\u001b[39m  the upstream does not know what it was asked",
    "          for, so it was left out  field=top_k",
    "\u001b[38;5;243m09:05:07\u001b[39m  \u001b[38;5;130mWARN\u001b[39m  the upstream does not know what it was asked for, so it was left out  field=top_k",
    "\u001b[38;5;243m09:05:07\u001b[39m  openai/gpt-5.2                 \u001b[38;5;160m502\u001b[39m    20,345 in      512 out    4.1 s",
    "\u001b[38;5;160m          api_error: cannot reach localhost:11434: ECONNREFUSED. Does a server\u001b[39m",
    "\u001b[38;5;160m          run there?\u001b[39m",
  ]);
});

test.each<[number, string | null, string]>([
  [200, null, "info"],
  [399, null, "info"],
  [200, "api_error", "error"],
  [400, null, "warning"],
  [400, "invalid_request_error", "warning"],
  [498, "api_error", "warning"],
  [499, "client_closed", "info"],
  [500, "api_error", "error"],
  [529, "overloaded_error", "error"],
])("a request with status %d and error %p has a record of level %s", (status, errorType, level) => {
  const logger = create();
  logger.request(createRecord({ status, errorType }));
  logger.close();
  expect(readRecords()).toEqual([expect.objectContaining({ level, status })]);
});

test("an event is a line with its circumstances, and a record", () => {
  const logger = create();
  logger.warn("unknown model", { model: "claude-9", tier: "big", tries: 2 });
  logger.close();
  expect(lines).toEqual(["09:05:07  WARN  unknown model  model=claude-9  tier=big  tries=2"]);
  expect(readRecords()).toEqual([
    {
      time: time.toISOString(),
      level: "warning",
      event: "unknown model",
      model: "claude-9",
      tier: "big",
      tries: 2,
    },
  ]);
});

test("an error among the circumstances is a text with its causes, and nothing else of it", () => {
  const logger = create();
  const cause = Object.assign(new Error("connect failed"), { code: "ECONNREFUSED", request: "not this" });
  logger.error("upstream", { error: new TypeError("fetch failed", { cause }) });
  logger.close();
  const text = "TypeError: fetch failed, caused by Error: connect failed (ECONNREFUSED)";
  expect(lines).toEqual([`09:05:07  ERROR  upstream  error=${text}`]);
  expect(readRecords()).toEqual([
    { time: time.toISOString(), level: "error", event: "upstream", error: text },
  ]);
});

test("a request is a record with all its fields, those of several upstreams only where there are several", () => {
  const logger = create();
  const record = createRecord({ repairs: ["orphan tool_use"], costUsd: 0.012 });
  const tried = [{ upstream: "a", model: "x", key: 2, status: 429, error: null, ms: 12 }];
  logger.request(record);
  logger.request({ ...record, upstream: "a", tried });
  logger.close();
  const { upstream: _, tried: __, ...rest } = record;
  const one = { level: "info", event: "request", ...rest, time: record.time.toISOString() };
  expect(readRecords()).toEqual([one, { ...one, upstream: "a", tried }]);
  expect(readFileSync(path, "utf8").split("\n")[0]).not.toContain('"upstream"');
});

test("a request that was tried at several places has a row that says so, with no key in it", () => {
  const logger = create({ getColumns: () => 80 });
  const one = { upstream: "a", key: null, status: null, error: null, ms: 0 };
  logger.request(createRecord({ tried: [{ ...one, model: "x", status: 200 }] }));
  logger.request(
    createRecord({
      tried: [
        { ...one, model: secret, status: 429, ms: 340, key: 2 },
        { ...one, model: "busy", error: "at its limit of requests" },
        { ...one, model: "e\u001b[31m", status: 200, ms: 12_300 },
      ],
      errorType: "api_error",
      errorMessage: "cut",
    }),
  );
  logger.close();
  expect(lines.slice(2)).toEqual([
    "          tried a/[redacted] (key 2) 429 0.3 s, a/busy at its limit of requests,",
    "          a/e\\u001b[31m 200 12.3 s",
    "          api_error: cut",
  ]);
  expect(readFileSync(path, "utf8")).not.toContain(secret);
});

test("the four bodies are records at DEBUG; a huge one is cut", () => {
  const logger = create({ level: "DEBUG" });
  logger.debugBody("req_1", "client-request", { messages: [] });
  logger.debugBody("req_1", "upstream-response", "data: {}\n\n");
  logger.debugBody("req_1", "client-response", { text: "y".repeat(3_000_000) });
  logger.close();
  const common = { time: time.toISOString(), level: "debug", event: "body", requestId: "req_1" };
  expect(readRecords()).toEqual([
    { ...common, name: "client-request", body: { messages: [] } },
    { ...common, name: "upstream-response", body: "data: {}\n\n" },
    {
      ...common,
      name: "client-response",
      body: { cutFromCharacters: 3_000_011, start: `{"text":"${"y".repeat(1_999_991)}` },
    },
  ]);
});

test("a body that has no JSON is none", () => {
  const logger = create({ level: "DEBUG" });
  logger.debugBody("req_1", "client-request", undefined);
  logger.close();
  expect(readRecords()).toEqual([
    { time: time.toISOString(), level: "debug", event: "body", requestId: "req_1", name: "client-request" },
  ]);
});

test("no key gets out, in no form and on no way", () => {
  const logger = create({ level: "DEBUG" });
  logger.info(`key ${secret}`, { url: `?k=${encodeURIComponent(secret)}`, nested: { deep: [secret] } });
  logger.debugBody("req_1", "client-request", { authorization: secret, text: JSON.stringify({ secret }) });
  logger.request(
    createRecord({ clientModel: secret, errorType: "api_error", errorMessage: `bad key ${secret}` }),
  );
  logger.close();
  const everything = lines.join("\n") + readFileSync(path, "utf8");
  expect(everything).not.toContain(secret);
  expect(everything.split("[redacted]").length - 1).toBe(12);
});

test("no stream that is logged spells a key, neither as text nor as its events", () => {
  const logger = create({ level: "DEBUG" });
  const events = [...`say ${secret} now`].map((piece) => ({
    choices: [{ index: 0, delta: { content: piece } }],
  }));
  logger.debugBody(
    "req_1",
    "upstream-response",
    events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""),
  );
  logger.debugBody("req_1", "upstream-response", events);
  logger.close();
  const spelled = readRecords().map((record) =>
    [...JSON.stringify(record).matchAll(/content\W+?:\W*?"(.*?)\\?"/g)].map(([, piece]) => piece).join(""),
  );
  expect(spelled).toEqual(["say [redacted] now", "say [redacted] now"]);
});

test.each(["clientModel", "upstreamModel", "path"] as const)(
  "a key in a %s that is too long for its column is taken out before that is cut",
  (name) => {
    const logger = create();
    const named = {
      clientModel: null,
      upstreamModel: null,
      [name]: `${"a".repeat(12)}/${secret}/${"b".repeat(12)}`,
    };
    logger.request(createRecord(named));
    logger.close();
    expect(lines.join("\n")).not.toMatch(/canary|0123|6789/);
  },
);

test.each([
  "path",
  "clientModel",
  "upstreamModel",
  "stopReason",
  "upstreamRequestId",
  "errorType",
  "errorMessage",
  "phase",
  "sessionId",
] as const)("a request's %s brings no key into the log and no second line", (name) => {
  const logger = create();
  logger.request(
    createRecord({ errorType: "api_error", [name]: `a\n${secret}\u001b[2J\u009b sk-0123456789abcdefghij` }),
  );
  logger.close();
  const log = readFileSync(path, "utf8");
  expect(log).toContain('"a\\n[redacted]\\u001b[2J\\u009b [redacted]"');
  expect(log.split("\n")).toHaveLength(2);
  for (const text of [log, ...lines]) expect(text).not.toMatch(/canary|sk-|[^\P{Cc}\n]/u);
  expect(lines).toEqual([expect.stringContaining("09:05:07"), expect.stringContaining("          ")]);
});

test("text from outside cannot forge lines or drive the terminal", () => {
  const logger = create();
  logger.error("upstream said", { words: "no\n09:05:08  INFO  all is well\u001b[2J\u009b" });
  logger.close();
  expect(lines).toEqual([
    "09:05:07  ERROR  upstream said  words=no\\u000a09:05:08  INFO  all is well\\u001b[2J\\u009b",
  ]);
  expect(readFileSync(path, "utf8")).not.toMatch(/[^\P{Cc}\n]/u);
});

describe("[row 74] a log that cannot be written stops nothing", () => {
  test("and is reported once a minute with the number of lost records", async () => {
    symlinkSync("/dev/full", path);
    const logger = create();
    const atSecond = async (seconds: number) => {
      now = new Date(time.getTime() + seconds * 1000);
      logger.request(createRecord());
      await endOfTurn();
    };
    for (const seconds of [0, 1, 59, 60, 61, 121]) {
      await atSecond(seconds);
    }
    rmSync(path);
    await atSecond(122);
    logger.close();
    const warning = (clock: string, lost: number) =>
      `${clock}  WARN  The log file cannot be written (${path} is not a regular file). Records lost so far: ${lost}. Requests are still served.`;
    expect(lines.filter((line) => line.includes("WARN"))).toEqual([
      warning("09:05:07", 1),
      warning("09:06:07", 4),
      warning("09:07:08", 6),
    ]);
    expect(readRecords()).toHaveLength(1);
  });

  test("and is reported again when the clock was set back", () => {
    const logger = create({ logFilePath: folder });
    logger.info("a");
    now = new Date(time.getTime() - 3_600_000);
    logger.info("b");
    now = new Date(now.getTime() + 1_000);
    logger.info("c");
    expect(lines.filter((line) => line.includes("cannot be written")).length).toBe(2);
  });

  test("and a record of which only a part has room is lost and reported", async () => {
    // The two records are larger than any file that this program may make.
    const limited = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
    const words = [process.execPath, join(import.meta.dir, "../fixtures/logging/logs-and-ends.ts"), path];
    const program = Bun.spawn(["sh", "-c", limited, "sh", ...words], { stdout: "pipe", stderr: "ignore" });
    expect(await program.stdout.text()).toContain("Records lost so far: 2. Requests are still served.");
    // The part is taken back: the next record would stand on its line.
    expect(readFileSync(path, "utf8")).toBe("");
  });

  test("and fields that cannot be written as JSON count as lost", () => {
    const logger = create({ level: "DEBUG" });
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    logger.debugBody("req_1", "client-request", circle);
    logger.info("big", { count: 1n });
    logger.info("after");
    logger.close();
    expect(readRecords()).toEqual([{ time: time.toISOString(), level: "info", event: "after" }]);
  });
});

describe("[F9] what comes from outside is bounded in a record", () => {
  const longest = 65_536;
  const writeOne = (changes: Partial<RequestRecord>): Record<string, unknown> => {
    const logger = create();
    logger.request(createRecord(changes));
    logger.close();
    expect(readFileSync(path, "utf8").length).toBeLessThanOrEqual(longest);
    expect(lines.join("\n").length).toBeLessThanOrEqual(16_000);
    const [record] = readRecords();
    return isObject(record) ? record : {};
  };

  test("texts, sentences and lists", () => {
    const mega = "m".repeat(10_000_000);
    const texts = { path: mega, clientModel: mega, upstreamModel: mega, stopReason: mega, sessionId: mega };
    const ids = { upstreamRequestId: mega, errorType: mega, phase: mega, causeCode: mega };
    const many = Array.from({ length: 20_000 }, (_, index) => `field${index}`);
    const lists = { dropped: many, repairs: [mega, "short"], warnings: many.slice(0, 50) };
    const record = writeOne({ ...texts, ...ids, ...lists, errorMessage: mega });
    const cut = `${"m".repeat(256)}… (10000000 characters)`;
    expect(record).toMatchObject({
      ...Object.fromEntries(Object.keys({ ...texts, ...ids }).map((name) => [name, cut])),
      dropped: [...many.slice(0, 50), "and 19950 more"],
      repairs: [cut, "short"],
      warnings: many.slice(0, 50),
      errorMessage: `${"m".repeat(2000)}… (10000000 characters)`,
      method: "POST",
      status: 200,
    });
  });

  test("a key at the cut is taken out, not cut", () => {
    const { errorMessage, clientModel } = writeOne({
      clientModel: `${"a".repeat(250)}${secret}${"b".repeat(300)}`,
      errorMessage: `${"a".repeat(1_990)}${secret}`,
    });
    expect(clientModel).toBe(`${"a".repeat(250)}[redac… (${250 + secret.length + 300} characters)`);
    expect(errorMessage).toBe(`${"a".repeat(1_990)}[redacted]… (${1_990 + secret.length} characters)`);
  });

  const texts = ["method", "path", "clientModel", "upstreamModel", "stopReason", "sessionId"] as const;
  const others = ["upstreamRequestId", "errorType", "errorMessage", "phase", "causeCode"] as const;
  const lists = ["dropped", "repairs", "warnings"] as const;

  test.each([...texts, ...others, ...lists])("%s is looked at behind records that were in order", (name) => {
    const said = (text: string) => ({ [name]: lists.some((list) => list === name) ? [text] : text });
    const logger = create();
    for (const text of ["known", "known", secret, "known", `\u2028`, "m".repeat(3_000)]) {
      logger.request(createRecord(said(text)));
    }
    logger.close();
    const written = readFileSync(path, "utf8");
    expect(written + lines.join("\n")).not.toMatch(new RegExp(`${secret}|\u2028|m{2500}`));
    const [first, , hidden, again] = readRecords();
    expect([first, again]).toEqual([
      expect.objectContaining(said("known")),
      expect.objectContaining(said("known")),
    ]);
    expect(hidden).toEqual(expect.objectContaining(said("[redacted]")));
  });

  test("a line that escaping makes long goes without its lists", () => {
    const warnings = Array.from({ length: 50 }, () => "\u2028".repeat(256));
    const one = { upstream: "a", model: "x", key: null, status: 429, error: null };
    const tried = Array.from({ length: 9 }, (_, ms) => ({ ...one, ms }));
    const record = writeOne({
      warnings,
      tried,
      errorMessage: "\u0000".repeat(2_000),
      errorType: "api_error",
    });
    expect(record).toMatchObject({ warnings: ["50 entries"], dropped: ["0 entries"], status: 200 });
    expect(record).toMatchObject({ tried: tried.slice(5) });
  });

  test("the longest that is let through stays as it is", () => {
    const kept = { clientModel: "m".repeat(256), warnings: Array(50).fill("w".repeat(256)) };
    expect(writeOne(kept)).toMatchObject(kept);
    const record = createRecord({ ...kept, errorMessage: "e".repeat(2_000) });
    expect(createRecordBounds((text) => text)(record).record).toBe(record);
  });

  test("circumstances of an event", () => {
    const logger = create();
    const circle = new Error("e".repeat(1_000));
    circle.cause = circle;
    logger.warn("w".repeat(100_000), {
      text: "t".repeat(100_000),
      list: Array(100_000).fill(secret),
      circle,
      count: 5,
    });
    logger.close();
    expect(readFileSync(path, "utf8").length).toBeLessThanOrEqual(10_000);
    expect(lines.join("\n").length).toBeLessThanOrEqual(10_000);
    expect(readRecords()).toEqual([
      expect.objectContaining({
        event: `${"w".repeat(2_000)}… (100000 characters)`,
        text: `${"t".repeat(2_000)}… (100000 characters)`,
        list: expect.stringMatching(/^\["\[redacted\]","\[redacted\]".* characters\)$/),
        circle: expect.stringMatching(/^Error: e+, caused by Error: e/),
        count: 5,
      }),
    ]);
  });

  test("a body at DEBUG that is cut at a key", () => {
    const logger = create({ level: "DEBUG" });
    logger.debugBody("req_1", "client-request", `${"x".repeat(2_000_000 - 10)}${secret}${"y".repeat(100)}`);
    logger.close();
    expect(readFileSync(path, "utf8")).not.toContain(secret.slice(0, 8));
  });
});

test("the requests of one turn of the event loop are written together, at its end", async () => {
  const writes: string[] = [];
  const logger = create({ writeConsole: (text) => writes.push(text) });
  for (const requestId of ["req_1", "req_2", "req_3"]) {
    logger.request(createRecord({ requestId, upstreamModel: `model of ${requestId}` }));
  }
  expect([writes, existsSync(path)]).toEqual([[], false]);
  await endOfTurn();
  const written = ["req_1", "req_2", "req_3"].map((requestId) => expect.objectContaining({ requestId }));
  expect(readRecords()).toEqual(written);
  expect(writes.map((text) => text.split("\n").map((line) => /model of (\w+)/.exec(line)?.[1]))).toEqual([
    ["req_1", "req_2", "req_3"],
  ]);
  logger.close();
});

test("events and bodies come behind the requests that were before them", () => {
  const logger = create({ level: "DEBUG" });
  logger.request(createRecord());
  logger.info("between");
  logger.request(createRecord());
  logger.debugBody("req_1", "client-request", {});
  logger.request(createRecord());
  logger.close();
  expect(readRecords()).toEqual(
    ["request", "between", "request", "body", "request"].map((event) => expect.objectContaining({ event })),
  );
});

test.each(["exit", "throw", "reject", "return"])(
  "a program that ends by itself has lost no request: %s",
  async (way) => {
    const program = Bun.spawn(
      [process.execPath, join(import.meta.dir, "../fixtures/logging/logs-and-ends.ts"), path, way],
      { stdout: "pipe", stderr: "ignore" },
    );
    const console = await program.stdout.text();
    const ended = ["req_1", "req_2"];
    expect(readRecords()).toEqual(ended.map((requestId) => expect.objectContaining({ requestId })));
    expect(ended.filter((requestId) => !console.includes(requestId))).toEqual([]);
  },
);

test("[F8] a console that throws costs its lines, and the file nothing", () => {
  const logger = create({
    writeConsole: () => {
      throw new Error("the disk is full");
    },
  });
  logger.request(createRecord({ requestId: "req_1" }));
  logger.request(createRecord({ requestId: "req_2" }));
  logger.info("an info");
  logger.close();
  expect(readRecords()).toEqual([
    expect.objectContaining({ requestId: "req_1" }),
    expect.objectContaining({ requestId: "req_2" }),
    expect.objectContaining({ event: "an info" }),
    expect.objectContaining({ event: "the console could not be written", lostLines: 3 }),
  ]);
});

test("without a file there are lines only", () => {
  const logger = create({ logFilePath: null });
  logger.info("hello");
  logger.close();
  expect(lines).toEqual(["09:05:07  INFO  hello"]);
});

test.each(["events", "requests"])(
  "[row 73] a killed program has lost no record of an earlier turn, and left no torn line: %s",
  async (what) => {
    const program = Bun.spawn(
      [process.execPath, join(import.meta.dir, "write-until-killed.ts"), path, what],
      { stdout: "pipe" },
    );
    let acknowledged = "";
    for await (const bytes of program.stdout) {
      acknowledged += Buffer.from(bytes).toString();
      if (acknowledged.length > 2000 && program.exitCode === null) {
        program.kill("SIGKILL");
      }
    }
    await program.exited;
    const numbers = acknowledged.trimEnd().split("\n").map(Number);
    const records = readRecords();
    expect(records.length).toBeGreaterThanOrEqual(numbers.length);
    expect(records.slice(0, numbers.length)).toEqual(
      numbers.map((attempts) => expect.objectContaining({ attempts })),
    );
  },
);

test("a secret that is added later is in no line from then on, not even in a text that was shown before", async () => {
  const later = "canary-of-later-9876543210";
  const logger = create();
  logger.request(createRecord({ upstreamModel: `m/${later}`, sessionId: later }));
  logger.addSecrets([later]);
  logger.request(createRecord({ upstreamModel: `m/${later}`, sessionId: later }));
  logger.warn("a warning", { old: secret, later });
  await endOfTurn();
  logger.close();
  const shown = [lines.join("\n"), readFileSync(path, "utf8")];
  for (const text of shown) {
    expect(text.split(later).length - 1).toBeLessThanOrEqual(2);
    expect(text.slice(text.lastIndexOf(later))).toContain("m/[redacted]");
    expect(text).not.toContain(secret);
  }
});

test("a client's name is in the record and on the console, with no key and no control character in it", async () => {
  const logger = create();
  logger.request(createRecord({ client: `a\u001b[2J${secret}` }));
  logger.request(createRecord({ client: null }));
  logger.request(createRecord());
  await endOfTurn();
  logger.close();
  const records = readRecords();
  expect(records.map((record) => (isObject(record) ? record["client"] : record))).toEqual([
    "a\u001b[2J[redacted]",
    null,
    undefined,
  ]);
  const shown = `${lines.join("")}${readFileSync(path, "utf8")}`;
  expect([shown.includes("canary"), shown.includes("\u001b")]).toEqual([false, false]);
});
