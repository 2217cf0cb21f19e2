import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { updateLearnedFile } from "../../src/learned/learned-file.ts";
import { createLearnedStore, type LearnedStoreOptions } from "../../src/learned/learned-store.ts";
import { soonMs } from "../support/soon-ms.ts";

const dayMs = 24 * 60 * 60_000;
let folder: string;
let filePath: string;
let warnings: string[];
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "learned-"));
  filePath = join(folder, "state", "learned.json");
  warnings = [];
  nowMs = Date.parse("2026-11-29T10:00:00Z");
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<LearnedStoreOptions> = {}) {
  const store = createLearnedStore({
    filePath,
    warn: (message, cause) => warnings.push(`${message} ${String(cause)}`),
    redact: (text) => text.replaceAll("sk-secret", "[redacted]"),
    now: () => nowMs,
    writeDelayMs: 1,
    ...options,
  });
  return { store, lessons: store.ofUpstream("host/v1") };
}

async function openLoaded() {
  const opened = open();
  await opened.store.load();
  return opened;
}

const written = () => JSON.parse(readFileSync(filePath, "utf8"));

async function clear(upstream: string | null, model: string | null): Promise<void> {
  const clearings = [{ upstream, model, atMs: nowMs }];
  await updateLearnedFile(filePath, { lessons: [], clearings }, { nowMs, warn: () => {} });
}

test("what was learned is there after a restart, with when and from what", async () => {
  const { store, lessons } = await openLoaded();
  lessons.learn("window", "m", { value: 131072, from: "400: key sk-secret, maximum is 131072" });
  await store.close();
  const from = "400: key [redacted], maximum is 131072";
  const at = "2026-11-29T10:00:00.000Z";
  expect(written()).toEqual({
    version: 1,
    lessons: [{ upstream: "host/v1", kind: "window", model: "m", key: "", value: 131072, from, at }],
    clearings: [],
  });
  expect(readdirSync(join(folder, "state"))).toEqual(["learned.json"]);
  expect(statSync(filePath).mode & 0o777).toBe(0o600);
  const next = await openLoaded();
  expect(next.lessons.find("window", "m")).toMatchObject({ value: 131072, from });
  expect(next.store.ofUpstream("other/v1").find("window", "m")).toBeNull();
  expect(warnings).toEqual([]);
});

test("it is written soon, without anybody asking for it", async () => {
  const { lessons } = await openLoaded();
  lessons.learn("window", "m", { value: 1, from: "" });
  const until = Date.now() + soonMs;
  while (!existsSync(filePath) && Date.now() < until) await Bun.sleep(5);
  expect(written().lessons).toHaveLength(1);
});

test("without a file there is nothing to wait for, and none is made", async () => {
  const { store } = open();
  expect(store.load()).toBeNull();
  await store.close();
  expect(existsSync(join(folder, "state"))).toBe(false);
});

test("the origin is cut after its keys were taken out", async () => {
  const { lessons } = open({ redact: (text) => text.replace(/k{150}/, "[redacted]") });
  lessons.learn("window", "m", { value: 1, from: `${"x".repeat(100)}${"k".repeat(150)}${"y".repeat(300)}` });
  expect(lessons.find("window", "m")?.from).toBe(`${"x".repeat(100)}[redacted]${"y".repeat(90)}`);
});

test("of two processes each keeps what the other wrote; the newer of two alike counts", async () => {
  const [one, other] = [await openLoaded(), await openLoaded()];
  one.lessons.learn("window", "a", { value: 1, from: "one" });
  one.lessons.learn("window", "c", { value: 1, from: "one" });
  nowMs += 1;
  other.lessons.learn("window", "b", { value: 2, from: "other" });
  other.lessons.learn("window", "c", { value: 2, from: "other" });
  await other.store.close();
  await one.store.close();
  const values = written().lessons.map(({ model, value }: { model: string; value: number }) => [
    model,
    value,
  ]);
  expect(values).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 2],
  ]);
  expect(one.lessons.find("window", "b")?.value).toBe(2);
  expect(one.lessons.find("window", "c")?.value).toBe(2);
});

test("what is not written yet gives way to what is newer in the file, and to nothing that is as old", async () => {
  const late = { writeDelayMs: 600_000 };
  const [one, other] = [open(late), open(late)];
  one.lessons.learn("window", "same", { value: 1, from: "one" });
  other.lessons.learn("window", "same", { value: 2, from: "other" });
  one.lessons.learn("window", "newer", { value: 1, from: "one" });
  nowMs += 1;
  other.lessons.learn("window", "newer", { value: 2, from: "other" });
  await other.store.close();
  nowMs += 2_000;
  await one.store.load();
  expect(one.lessons.find("window", "newer")?.value).toBe(2);
  expect(one.lessons.find("window", "same")?.value).toBe(1);
  await one.store.close();
});

describe("a lesson that was cleared while a proxy runs", () => {
  test("is gone there within a second, and does not come back from its memory", async () => {
    const { store, lessons } = await openLoaded();
    lessons.learn("window", "a", { value: 1, from: "" });
    lessons.learn("window", "b", { value: 1, from: "" });
    await store.close();
    const { revision } = lessons;
    nowMs += 10;
    await clear("host/v1", "a");
    expect(store.load()).toBeNull();
    expect(lessons.find("window", "a")?.value).toBe(1);
    nowMs += 1_000;
    await store.load();
    expect(lessons.find("window", "a")).toBeNull();
    expect(lessons.find("window", "b")?.value).toBe(1);
    expect(lessons.revision).not.toBe(revision);
    lessons.learn("window", "c", { value: 1, from: "" });
    await store.close();
    expect(written().lessons.map(({ model }: { model: string }) => model)).toEqual(["b", "c"]);
  });

  test("does not come back from a process that had not written it", async () => {
    const { store, lessons } = await openLoaded();
    lessons.learn("window", "a", { value: 1, from: "" });
    nowMs += 1;
    await clear(null, null);
    await store.close();
    expect(written().lessons).toEqual([]);
    expect(lessons.find("window", "a")).toBeNull();
  });

  test("can be learned anew, also where the clock was set back", async () => {
    await clear("host/v1", null);
    const { store, lessons } = await openLoaded();
    nowMs -= dayMs;
    lessons.learn("window", "a", { value: 7, from: "" });
    await store.close();
    nowMs += dayMs + 2;
    expect((await openLoaded()).lessons.find("window", "a")?.value).toBe(7);
  });

  test("is gone too when somebody removes the file", async () => {
    const { store, lessons } = await openLoaded();
    lessons.learn("window", "a", { value: 1, from: "" });
    await store.close();
    rmSync(filePath);
    nowMs += 1_000;
    await store.load();
    expect(lessons.find("window", "a")).toBeNull();
  });
});

test("a lesson that was taken back stays away in every process", async () => {
  const [one, other] = [await openLoaded(), await openLoaded()];
  one.lessons.learn("chat-repair", "a", { key: "k", value: { kind: "omit-images" }, from: "" });
  await one.store.close();
  nowMs += 1_000;
  await other.store.load();
  expect(other.lessons.list("chat-repair")).toHaveLength(1);
  one.lessons.forget("chat-repair", "a", "k");
  await one.store.close();
  other.lessons.learn("window", "b", { value: 1, from: "" });
  await other.store.close();
  expect(other.lessons.list("chat-repair")).toEqual([]);
  expect((await openLoaded()).lessons.list("chat-repair")).toEqual([]);
});

test("of each kind the 500 newest are kept", async () => {
  const { store, lessons } = await openLoaded();
  for (let index = 0; index <= 500; index += 1) {
    nowMs += 1;
    lessons.learn("window", `m${index}`, { value: index + 1, from: "" });
  }
  lessons.learn("wire", "m", { value: "chat", from: "" });
  await store.close();
  const next = await openLoaded();
  expect([0, 1, 500].map((index) => next.lessons.find("window", `m${index}`)?.value)).toEqual([
    undefined,
    2,
    501,
  ]);
  expect(written().lessons).toHaveLength(501);
});

test("names that are too long or hold a line break are not kept", () => {
  const { lessons } = open();
  for (const model of ["x".repeat(301), "a\nb"]) {
    lessons.learn("window", model, { value: 1, from: "" });
    expect(lessons.find("window", model)).toBeNull();
  }
});

test("a file of the longest texts is cut to a size that is read again", async () => {
  const { store, lessons } = await openLoaded();
  for (let index = 0; index < 500; index += 1) {
    const model = `${index}${"\u0001".repeat(290)}`;
    for (const kind of ["window", "wire", "chat-repair", "responses-repair"] as const) {
      lessons.learn(kind, model, {
        key: "\u0001".repeat(300),
        value: "\u0001".repeat(290),
        from: "\u0001".repeat(200),
      });
    }
  }
  await store.close();
  expect(statSync(filePath).size).toBeLessThan(4 * 1024 * 1024);
  await openLoaded();
  expect(warnings).toEqual([]);
});

describe("a file that cannot be used", () => {
  const contents: [string, string][] = [
    ["garbage", "{{{"],
    ["nothing", ""],
    ["something else", '{"factors":{}}'],
    ["another version", '{"version":2,"lessons":[]}'],
    ["too much", "x".repeat(4 * 1024 * 1024 + 1)],
    ["too deep", `${"[".repeat(1e5)}${"]".repeat(1e5)}`],
  ];
  test.each(contents)("%s: is set aside, said once, and learning goes on", async (_, content) => {
    mkdirSync(join(folder, "state"));
    writeFileSync(filePath, content);
    const { store, lessons } = await openLoaded();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`it is now ${filePath}.unreadable`);
    expect(readFileSync(`${filePath}.unreadable`, "utf8")).toBe(content);
    lessons.learn("window", "m", { value: 1, from: "" });
    await store.close();
    expect((await openLoaded()).lessons.find("window", "m")?.value).toBe(1);
    expect(warnings).toHaveLength(1);
  });

  test("a link is not followed", async () => {
    mkdirSync(join(folder, "state"));
    const foreign = join(folder, "foreign.json");
    writeFileSync(foreign, '{"version":1,"lessons":[],"clearings":[]}');
    symlinkSync(foreign, filePath);
    const { store, lessons } = await openLoaded();
    lessons.learn("window", "m", { value: 1, from: "" });
    await store.close();
    expect(readFileSync(foreign, "utf8")).toBe('{"version":1,"lessons":[],"clearings":[]}');
    expect(written().lessons).toHaveLength(1);
  });

  test("entries that are none are left out, and a time far ahead counts as now", async () => {
    mkdirSync(join(folder, "state"));
    const entry = { upstream: "host/v1", kind: "window", model: "m", key: "", value: 5, from: "x" };
    const lessons = [
      { ...entry, at: "2199-01-01T00:00:00Z" },
      { ...entry, model: "n", at: "then" },
      { ...entry, model: "o", kind: "moon", at: "2026-11-01T00:00:00Z" },
      { ...entry, model: 7, at: "2026-11-01T00:00:00Z" },
      { ...entry, model: "p".repeat(601), at: "2026-11-01T00:00:00Z" },
      { ...entry, model: "q", at: "2026-01-01T00:00:00Z" },
      null,
    ];
    const clearings = [
      { at: "2026-11-29T10:00:00Z" },
      { upstream: 7, model: null, at: "2026-11-29T10:00:00Z" },
    ];
    writeFileSync(filePath, JSON.stringify({ version: 1, lessons, clearings }));
    const opened = await openLoaded();
    expect(opened.lessons.list("window")).toEqual([
      { ...entry, kind: "window", atMs: nowMs, isForgotten: false },
    ]);
    expect(warnings).toEqual([]);
  });
});

test.skipIf(process.geteuid?.() === 0)(
  "a folder that cannot be written is said once; what is learned counts",
  async () => {
    const { store, lessons } = open();
    chmodSync(folder, 0o500);
    lessons.learn("window", "m", { value: 1, from: "" });
    await store.close();
    lessons.learn("window", "n", { value: 2, from: "" });
    await store.close();
    expect(warnings).toHaveLength(1);
    expect(lessons.find("window", "m")?.value).toBe(1);
    chmodSync(folder, 0o700);
    await store.close();
    expect(written().lessons).toHaveLength(2);
  },
);

test.skipIf(!existsSync("/proc/self"))("where nothing can be written, that is said once", async () => {
  const { store, lessons } = open({ filePath: "/proc/learned.json" });
  lessons.learn("window", "m", { value: 1, from: "" });
  await store.close();
  lessons.learn("window", "n", { value: 2, from: "" });
  await store.close();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("what is learned is kept in memory only");
  expect(lessons.find("window", "n")?.value).toBe(2);
});
