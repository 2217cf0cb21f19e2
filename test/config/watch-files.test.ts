import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchFiles } from "../../src/config/watch-files.ts";
import { soonMs } from "../support/soon-ms.ts";

const lookMs = 20;
let folder: string;
let path: string;
let watches: { close(): void }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watch-files-"));
  path = join(folder, "config.yaml");
  watches = [];
});

afterEach(() => {
  for (const watch of watches) watch.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Watches; `next` settles with the number of changes when there is one more. */
function watch(paths: readonly string[], more: { changedSince?: Date; lookMs?: number } = {}) {
  let changes = 0;
  let told = 0;
  const onChange = () => {
    changes += 1;
  };
  watches.push(watchFiles(paths, { changedSince: new Date(Date.now() + 60_000), onChange, lookMs, ...more }));
  return {
    count: () => changes,
    async next(): Promise<number> {
      const endMs = performance.now() + soonMs;
      while (changes === told && performance.now() < endMs) await Bun.sleep(10);
      told = changes;
      return changes;
    },
  };
}

/** What is not seen within so many looks is not seen. */
const severalLooks = () => Bun.sleep(10 * lookMs);

const manners: [string, () => void][] = [
  ["written over, with as many bytes", () => writeFileSync(path, "two")],
  ["lengthened", () => appendFileSync(path, " and more")],
  [
    "replaced by a rename, as editors do",
    () => {
      writeFileSync(`${path}.new`, "two");
      renameSync(`${path}.new`, path);
    },
  ],
  ["taken away", () => rmSync(path)],
  ["given another time only", () => utimesSync(path, new Date(), new Date(0))],
];

test.each(manners)("a file that is %s has changed, once", async (_, change) => {
  writeFileSync(path, "one");
  const watched = watch([path]);
  await severalLooks();
  expect(watched.count()).toBe(0);
  change();
  expect(await watched.next()).toBe(1);
  await severalLooks();
  expect(watched.count()).toBe(1);
});

test("a file behind a link has changed when the link of its folder is replaced, as in a cluster", async () => {
  for (const version of ["1", "2"]) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, "config.yaml"), "same");
  }
  symlinkSync("1", join(folder, "..data"));
  symlinkSync(join("..data", "config.yaml"), path);
  const watched = watch([path]);
  await severalLooks();
  symlinkSync("2", join(folder, "..new"));
  renameSync(join(folder, "..new"), join(folder, "..data"));
  expect(await watched.next()).toBe(1);
});

test("while a file is being written nothing is said", async () => {
  writeFileSync(path, "");
  const watched = watch([path], { lookMs: 500, changedSince: new Date(0) });
  for (let part = 0; part < 200; part += 1) {
    appendFileSync(path, "part\n");
    await Bun.sleep(10);
  }
  expect(watched.count()).toBe(0);
  expect(await watched.next()).toBe(1);
});

test("any of the files counts, one that comes later, too", async () => {
  const other = join(folder, ".env");
  const watched = watch([path, other]);
  await severalLooks();
  writeFileSync(other, "A=1");
  expect(await watched.next()).toBe(1);
  writeFileSync(path, "two");
  expect(await watched.next()).toBe(2);
});

test("what was changed between the start and the first look is a change", async () => {
  writeFileSync(path, "one");
  const watched = watch([path], { changedSince: new Date(Date.now() - 1000) });
  expect(await watched.next()).toBe(1);
  await severalLooks();
  expect(watched.count()).toBe(1);
});

test("a closed watch says nothing more", async () => {
  writeFileSync(path, "one");
  const watched = watch([path]);
  await severalLooks();
  for (const one of watches) one.close();
  writeFileSync(path, "two");
  await severalLooks();
  expect(watched.count()).toBe(0);
});
