import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { createBody, createRecorded, readRows, startRecorder, until } from "./recorded.ts";

const dayMs = 24 * 60 * 60_000;
const times = { firstPruneMs: 100, pruneEveryMs: 100 };

const countRows = (path: string, table: string) =>
  readRows(path, `select count(*) n from ${table}`)[0]?.["n"];

test("requests that are too old go, with their messages, and the file becomes smaller", async () => {
  await using record = startRecorder({ keepDays: 2, times: { ...times, firstPruneMs: 1500 } });
  const text = () => Buffer.from(crypto.getRandomValues(new Uint8Array(2000))).toString("base64");
  for (let count = 0; count < 1200; count += 1) {
    const isOld = count % 4 !== 0;
    const timeMs = Date.now() - (isOld ? 2.1 : 1.9) * dayMs;
    record.recorder.add(createRecorded({ timeMs, rule: isOld ? "old" : "new" }), [
      createBody("client-request", [text()]),
    ]);
  }
  await record.written();
  const before = readRows(record.path, "pragma page_count")[0]?.["page_count"];
  expect(countRows(record.path, "requests")).toBe(1200);
  await until(() => countRows(record.path, "requests") === 300);
  expect(readRows(record.path, "select distinct rule from requests")).toEqual([{ rule: "new" }]);
  await until(() => readRows(record.path, "pragma freelist_count")[0]?.["freelist_count"] === 0);
  expect(countRows(record.path, "bodies")).toBe(300);
  expect(readRows(record.path, "pragma page_count")[0]?.["page_count"]).toBeLessThan(Number(before) / 2);
  expect(readRows(record.path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

test("the oldest go while the file is too large and is written, and nothing new is lost", async () => {
  await using record = startRecorder({ maxMegabytes: 3, times: { ...times, pruneEveryMs: 20 } });
  const noise = () => createBody("client-request", [crypto.getRandomValues(new Uint8Array(10_000))]);
  const startMs = Date.now() - dayMs;
  let count = 0;
  for (; count < 1500; count += 1) {
    record.recorder.add(createRecorded({ requestId: `req_${count}`, timeMs: startMs + count }), [noise()]);
    if (count % 20 === 0) await Bun.sleep(5);
  }
  await record.written();
  await until(() => Number(countRows(record.path, "requests")) < 400);
  await until(() => readRows(record.path, "pragma freelist_count")[0]?.["freelist_count"] === 0);
  const kept = readRows(record.path, "select id from requests order by time").map(({ id }) => id);
  expect(kept).toEqual(kept.map((_, index) => `req_${count - kept.length + index}`));
  expect(kept.length).toBeGreaterThan(50);
  expect(countRows(record.path, "bodies")).toBe(kept.length);
  expect(record.recorder.state).toMatchObject({ lost: 0, fault: null });
  await record.recorder.close();
  expect(statSync(record.path).size).toBeLessThan(4_000_000);
});

test("what is neither old nor too much stays", async () => {
  await using record = startRecorder({ keepDays: 1, maxMegabytes: 1, times });
  for (let count = 0; count < 100; count += 1) record.recorder.add(createRecorded(), []);
  await record.written();
  await Bun.sleep(500);
  expect(countRows(record.path, "requests")).toBe(100);
});

test("what is pruned is given back to the disk, of the file and of its log", async () => {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  await using record = startRecorder({ keepDays: 2, times: { ...times, firstPruneMs: 1500 } });
  const noise = () => createBody("client-request", [crypto.getRandomValues(new Uint8Array(60_000))]);
  for (let count = 0; count < 100; count += 1) {
    record.recorder.add(createRecorded({ timeMs: Date.now() - 2.1 * dayMs }), [noise()]);
  }
  await record.written();
  expect(sizeOf(record.path) + sizeOf(`${record.path}-wal`)).toBeGreaterThan(6_000_000);
  await until(() => sizeOf(record.path) + sizeOf(`${record.path}-wal`) < 100_000);
});

test("what comes fast keeps the file and its log within their bound, also while somebody reads", async () => {
  await using record = startRecorder({
    maxMegabytes: 10,
    times: { ...times, firstPruneMs: 10_000, pruneEveryMs: 600_000 },
  });
  const noise = () => createBody("client-request", [crypto.getRandomValues(new Uint8Array(40_000))]);
  const sizes: number[] = [];
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  record.recorder.add(createRecorded(), []);
  await record.written();
  for (let count = 0; count < 1500; count += 1) {
    record.recorder.add(createRecorded({ requestId: `req_${count}` }), [noise()]);
    if (count % 20 !== 0) continue;
    await Bun.sleep(5);
    await until(() => record.recorder.state.backlog < 200);
    if (count > 0) countRows(record.path, "requests");
    sizes.push(sizeOf(record.path) + sizeOf(`${record.path}-wal`));
  }
  await record.written();
  // 60 MB went in. What one transaction writes may stand in the log and in the file, before as much of the oldest goes.
  expect(Math.max(...sizes)).toBeLessThan(13_000_000);
  expect(countRows(record.path, "bodies")).toBeGreaterThan(100);
  expect(record.recorder.state).toMatchObject({ lost: 0, fault: null });
  await record.recorder.close();
  expect(sizeOf(record.path)).toBeLessThan(10_000_000);
});
