import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Attempt } from "../../src/logging/request-record.ts";
import type { KeptBody } from "../../src/record/bodies/body-keeper.ts";
import { wireNames } from "../../src/record/recorded-request.ts";
import { createBody, createRecorded, readRows, startRecorder, type TestRecorder } from "./recorded.ts";

const secret = 'canary+"0123456789"/\\n-secret';
const later = "later-canary-0123456789";

/** The ways in which a secret can stand in a text. */
const forms = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  JSON.stringify(JSON.stringify(value)).slice(3, -3),
  encodeURIComponent(value),
  Buffer.from(value).toString("base64"),
  Buffer.from(`xyz${value}`).toString("base64url"),
  Buffer.from(value).toString("hex"),
  [...value].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
];

/** What a search must not find: the whole forms, and halves that a cut would leave. */
const traces = [secret, later].flatMap(forms).flatMap((form) => {
  const half = Math.floor(form.length / 2);
  return [form.slice(0, half), form.slice(half)].filter((part) => part.length > 5);
});

/** Every byte of the files, and every message unpacked. */
function readAll({ path }: TestRecorder): string {
  const files = readdirSync(dirname(path)).map((name) => readFileSync(join(dirname(path), name), "latin1"));
  const bodies = readRows(path, "select content from bodies").map(({ content }) =>
    content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString("latin1") : "",
  );
  return [...files, ...bodies].join("\n");
}

function expectNoTrace(record: TestRecorder): void {
  const all = readAll(record);
  expect(traces.filter((trace) => all.includes(Buffer.from(trace).toString("latin1")))).toEqual([]);
  expect(all).toContain("[redacted]");
}

/** A request with this text in each member that is a text, and in its lists. */
function createHostile(text: string) {
  const attempt: Attempt = { upstream: text, model: text, key: null, status: 400, error: text, ms: 1 };
  const plain = createRecorded();
  const members = Object.entries(plain).filter(([name, value]) => value === null && !numbers.has(name));
  return createRecorded({
    ...Object.fromEntries(members.map(([name]) => [name, text])),
    requestId: `${text}${crypto.randomUUID()}`,
    path: `/v1/${text}/messages`,
    attempts: [attempt],
    changes: { dropped: [text], repairs: [text], warnings: [text] },
  });
}

const numbers = new Set([
  "stream",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "thinkingTokens",
  "estimatedTokens",
  "estimateErrorPercent",
  "window",
  "requestBytes",
  "sentBytes",
  "firstByteMs",
  "tokensPerSecond",
  "costUsd",
  "prefix",
]);

function createHostileBodies(text: string): KeptBody[] {
  const half = Math.floor(text.length / 2);
  return wireNames.map((name) =>
    createBody(
      name,
      [`{"text":"${text}","other":"`, Buffer.from(text.slice(0, half)), text.slice(half), '"}'],
      {
        send: name.startsWith("upstream") ? 1 : 0,
        head: { url: `http://host/${text}?key=${text}`, headers: { [`x-${text}`]: text } },
      },
    ),
  );
}

test("no form of a secret is in a column, a message, or a byte of the files", async () => {
  await using record = startRecorder({ secrets: [secret] });
  record.recorder.addSecrets([later]);
  for (const text of [secret, later].flatMap(forms)) {
    record.recorder.add(createHostile(text), createHostileBodies(text));
    // The bound of a text must not leave its half.
    record.recorder.add(createHostile("m".repeat(290) + text), []);
  }
  await record.written();
  expect(readRows(record.path, "select count(*) n from bodies")).toEqual([{ n: forms("").length * 2 * 4 }]);
  expectNoTrace(record);
});

test("a secret that is added while the thread runs is in nothing from then on", async () => {
  await using record = startRecorder({ secrets: [] });
  record.recorder.add(createRecorded({ model: "a-model" }), []);
  await record.written();
  record.recorder.addSecrets([secret]);
  record.recorder.add(createHostile(secret), createHostileBodies(secret));
  await record.written();
  expectNoTrace(record);
});

test("a secret that one caller alone has is in nothing of its requests, whoever asked before", async () => {
  await using record = startRecorder({ secrets: [secret] });
  record.recorder.add(createRecorded({ model: "a-model" }), [], ["canary-of-another-0123456789"]);
  record.recorder.add(createHostile(later), createHostileBodies(later), [later]);
  record.recorder.add(createHostile(secret), createHostileBodies(secret), [later]);
  await record.written();
  expectNoTrace(record);
});

const megabyte = 1024 * 1024;

test.each(forms(secret).map((form, index) => [index, form] as const))(
  "a secret across the cut of a message leaves no half, in its form %d",
  async (_, form) => {
    await using record = startRecorder({ secrets: [secret] });
    const length = Buffer.byteLength(form);
    for (const before of [1, Math.floor(length / 2), length - 1]) {
      const text = `${"x".repeat(megabyte - before)}${form}${"y".repeat(70_000)}`;
      record.recorder.add(createRecorded(), [createBody("client-request", [text])]);
    }
    await record.written();
    const contents = readRows(record.path, "select content, is_cut from bodies");
    for (const { content, is_cut: isCut } of contents) {
      const text = content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString() : "";
      expect(isCut).toBe(1);
      expect(text.length).toBeLessThanOrEqual(megabyte);
      expect(text.length).toBeGreaterThan(megabyte - length - 20);
      expect(text.replace(/^x+/, "")).toMatch(/^(?:eHl6)?(?:\[|\[redacted\]?.{0,2}|\[r[a-z]*)?$/);
    }
    expect(contents).toHaveLength(3);
  },
);

test("a message is cut to 1 MB in whole characters, and says how long it was", async () => {
  await using record = startRecorder();
  record.recorder.add(createRecorded(), [createBody("client-request", ["é".repeat(700_000), "z"])]);
  record.recorder.add(createRecorded(), [createBody("client-request", [`a${"é".repeat(700_000)}`])]);
  record.recorder.add(createRecorded(), [createBody("client-request", ["x".repeat(megabyte)])]);
  await record.written();
  const rows = readRows(record.path, "select content, bytes, is_cut from bodies order by seq");
  const found = rows.map(({ content, bytes, is_cut: isCut }) => {
    const text = content instanceof Uint8Array ? Bun.zstdDecompressSync(content) : Buffer.alloc(0);
    return { bytes, isCut, kept: text.length, end: Buffer.from(text).toString().slice(-1) };
  });
  expect(found).toEqual([
    { bytes: 1_400_001, isCut: 1, kept: megabyte, end: "é" },
    { bytes: 1_400_001, isCut: 1, kept: megabyte - 1, end: "é" },
    { bytes: megabyte, isCut: 0, kept: megabyte, end: "x" },
  ]);
});

const deltaOf = (text: string, index: number) => ({ choices: [{ index, delta: { content: text } }] });

/** What a reader of the stream joins of choice 0. */
function joinStream(text: string): string {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = ""]) => textOfDelta(JSON.parse(json))).join("");
}

const textOfDelta = (data: ReturnType<typeof deltaOf>) =>
  data.choices.map(({ index, delta }) => (index === 0 ? delta.content : "")).join("");

test.each([1, 2, 5])(
  "a secret that a stream spells %d characters at a time cannot be joined again",
  async (size) => {
    await using record = startRecorder({ secrets: [later] });
    const pieces = `say ${later} now`.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
    const events = pieces.flatMap((piece) => [deltaOf(piece, 0), deltaOf("other ", 1)]);
    const stream = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
    record.recorder.add(createRecorded(), [createBody("upstream-response", stream, { send: 1 })]);
    record.recorder.add(createRecorded(), [
      createBody("upstream-response", ["data: {broken\n\n", ...stream.slice(0, 4)]),
    ]);
    await record.written();
    const [spelled = "", ordinary = ""] = readRows(
      record.path,
      "select content from bodies order by seq",
    ).map(({ content }) => (content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString() : ""));
    expect(joinStream(spelled)).toBe("say [redacted] now");
    expect(spelled).toContain(JSON.stringify(deltaOf("other ", 1)));
    if (size === 1) expect(ordinary).toBe(`data: {broken\n\n${stream.slice(0, 4).join("")}`);
  },
);

const eventsOf = (pieces: readonly string[], eventOf: (piece: string, index: number) => string) =>
  pieces.map(eventOf).join("");

/** Streams in which the pieces of a text are hard to find, by what makes them so. */
const hardStreams: readonly (readonly [what: string, build: (pieces: readonly string[]) => string])[] = [
  [
    "two outputs are spelled by turns",
    (pieces) =>
      eventsOf(pieces, (piece) =>
        [piece, "other"]
          .map((delta, index) =>
            JSON.stringify({ type: "response.output_text.delta", output_index: index, delta }),
          )
          .map((json) => `data: ${json}\n\n`)
          .join(""),
      ),
  ],
  [
    "events take several lines of data",
    (pieces) =>
      eventsOf(pieces, (piece) =>
        JSON.stringify(deltaOf(piece, 0), null, 1)
          .split("\n")
          .map((line) => `data: ${line}\n`)
          .concat("\n")
          .join(""),
      ),
  ],
  [
    "lines end as they do on old machines",
    (pieces) => eventsOf(pieces, (piece) => `event: message\rdata: ${JSON.stringify(deltaOf(piece, 0))}\r\r`),
  ],
  [
    "spaces stand before the data",
    (pieces) => eventsOf(pieces, (piece) => `data:   ${JSON.stringify(deltaOf(piece, 0))}  \n\n`),
  ],
  [
    "the text has separators of lines",
    (pieces) =>
      eventsOf(
        ["\u2028", ...pieces],
        (piece) => `data: ${JSON.stringify({ text: "\u2028", ...deltaOf(piece, 0) })}\n\n`,
      ),
  ],
  [
    "the stream begins with a mark of its encoding",
    (pieces) => `\uFEFF${eventsOf(pieces, (piece) => `data: ${JSON.stringify(deltaOf(piece, 0))}\n\n`)}`,
  ],
  [
    "arguments have it in escapes that are cut",
    (pieces) => {
      const escaped = [...pieces.join("")].map(
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      const cut = escaped.join("").match(/.{1,4}/g) ?? [];
      return eventsOf(
        cut,
        (piece) => `data: ${JSON.stringify({ index: 1, delta: { partial_json: piece } })}\n\n`,
      );
    },
  ],
  [
    "it stands across the cut of the message",
    (pieces) =>
      `data: ${JSON.stringify(deltaOf("x".repeat(megabyte - 800), 1))}\n\n` +
      eventsOf(
        [...pieces, ...Array(2000).fill("y")],
        (piece) => `data: ${JSON.stringify(deltaOf(piece, 0))}\n\n`,
      ),
  ],
];

/** All texts of all events, one behind the other, in whatever order somebody may join them. */
function joinAll(text: string): string {
  const events = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\r|\n/)
        .flatMap((line) => (line.startsWith("data:") ? [line.slice(5)] : []))
        .join("\n"),
    );
  const joined = new Map<string, string>();
  for (const json of events) {
    // The cut of a message leaves the last event broken.
    if (json === "" || !json.trim().endsWith("}")) continue;
    JSON.parse(json, function (this: Record<string, unknown>, name, value: unknown) {
      const place = `${name} ${String(this["output_index"])}`;
      if (typeof value === "string") joined.set(place, (joined.get(place) ?? "") + value);
      return value;
    });
  }
  return [...joined.values()].join("\n");
}

test.each(hardStreams)("a secret that is spelled cannot be joined where %s", async (_, build) => {
  await using record = startRecorder({ secrets: [later] });
  for (const size of [1, 3, 8]) {
    const stream = build(`say ${later} now`.match(new RegExp(`.{1,${size}}`, "g")) ?? []);
    record.recorder.add(createRecorded(), [
      createBody("upstream-response", [Buffer.from(stream)], { send: 1 }),
    ]);
  }
  await record.written();
  const texts = readRows(record.path, "select content from bodies").map(({ content }) =>
    content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString() : "",
  );
  expect(texts).toHaveLength(3);
  for (const text of texts) {
    const joined = joinAll(text);
    const plain = joined.replace(/\\u([0-9a-f]{4})/g, (__, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    // What a cut has broken is not joined at all.
    expect(plain.includes("say ") || text.length > megabyte - 100).toBe(true);
    // Three characters tell nothing: those of a key whose end was cut off may stay.
    expect(plain.match(/later-?\w*|canary\w*|23456789/g) ?? []).toEqual([]);
  }
});
