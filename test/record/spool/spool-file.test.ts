import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSpoolFile } from "../../../src/record/spool/spool-file.ts";
import type { SpooledRow } from "../../../src/record/spool/spooled-row.ts";

const all = { requests: 1_000, bytes: 100_000_000 };

function row(id: number, size = 100): SpooledRow {
  const content = new Uint8Array(size).fill(id % 256);
  return { id: `${id}`, time: id, request: `{"id":"${id}"}`, bodies: "[]", content, charges: "" };
}

function rows(from: number, to: number, size?: number): SpooledRow[] {
  return Array.from({ length: to - from + 1 }, (_, index) => row(from + index, size));
}

const idsOf = (list: readonly SpooledRow[]) => list.map(({ id }) => Number(id));

function withFolder(run: (path: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-spool-"));
  try {
    run(join(folder, "rows.sqlite"), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Few small rows are kept in memory beside the file, large ones are read from it.
for (const [what, size] of [
  ["small", 100],
  ["large", 500_000],
] as const) {
  test(`${what} rows come out as they went in, and each of them once`, () => {
    withFolder((path, folder) => {
      const queue = createSpoolFile(path);
      queue.append(rows(1, 5, size));
      expect(queue.read({ ...all, requests: 2 })).toEqual(rows(1, 2, size));
      queue.append(rows(6, 7, size));
      queue.forget(1);
      queue.forget(1);
      expect(queue.count).toBe(5);
      expect(queue.read(all)).toEqual(rows(3, 7, size));
      queue.forget(5);
      expect([queue.count, queue.bytes, queue.read(all)]).toEqual([0, 0, []]);
      queue.append(rows(8, 9, size));
      expect(queue.read(all)).toEqual(rows(8, 9, size));
      queue.forget(2);
      queue.close();
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  test(`${what} rows that were not sent are found by who opens the file next`, () => {
    withFolder((path) => {
      const queue = createSpoolFile(path);
      queue.append(rows(1, 6, size));
      queue.read({ ...all, requests: 4 });
      queue.forget(4);
      queue.append(rows(7, 8, size));
      queue.close();
      const next = createSpoolFile(path);
      expect(next.count).toBe(4);
      expect(idsOf(next.read({ ...all, requests: 2 }))).toEqual([5, 6]);
      next.forget(2);
      next.append(rows(9, 9, size));
      expect(next.read(all)).toEqual(rows(7, 9, size));
      next.forget(3);
      next.close();
    });
  });
}

test("what grows beyond memory is read from the file, and from memory again once all was sent", () => {
  withFolder((path) => {
    const queue = createSpoolFile(path);
    for (let id = 1; id <= 30; id += 1) queue.append([row(id, 100_000)]);
    expect(idsOf(queue.read({ requests: 1_000, bytes: 350_000 }))).toEqual([1, 2, 3]);
    queue.forget(3);
    queue.append([row(31)]);
    expect(idsOf(queue.read(all))).toEqual(Array.from({ length: 28 }, (_, index) => index + 4));
    queue.forget(28);
    queue.append(rows(32, 33));
    expect(queue.read(all)).toEqual(rows(32, 33));
    queue.forget(2);
    queue.close();
  });
});

test("a row that is larger than a batch may be comes alone", () => {
  withFolder((path) => {
    const queue = createSpoolFile(path);
    queue.append([row(1, 5_000), row(2)]);
    expect(idsOf(queue.read({ requests: 10, bytes: 1_000 }))).toEqual([1]);
    queue.forget(1);
    expect(idsOf(queue.read({ requests: 10, bytes: 1_000 }))).toEqual([2]);
    queue.forget(1);
    queue.close();
  });
});
