import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeLeftovers, replaceFactorFile } from "../../src/tokens/calibration-file.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "calibration-file-"));
  path = join(folder, "state", "factors.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("[7:calibration] the file is replaced as a whole, for its owner alone, and nothing stays beside it", async () => {
  await replaceFactorFile(path, new Map([["a", 1.5]]));
  await replaceFactorFile(path, new Map([["b", 2]]));
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ factors: { b: 2 } });
  expect(readFileSync(path, "utf8")).toEndWith("}\n");
  expect([statSync(path).mode & 0o777, statSync(join(path, "..")).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readdirSync(join(path, ".."))).toEqual(["factors.json"]);
});

test("[7:calibration] what cannot be put in its place is taken away", async () => {
  mkdirSync(join(path, "a-folder-that-is-not-empty"), { recursive: true });
  expect(replaceFactorFile(path, new Map())).rejects.toThrow("rename");
  await replaceFactorFile(path, new Map()).catch(() => {});
  expect(readdirSync(join(path, ".."))).toEqual(["factors.json"]);
});

test.skipIf(!existsSync("/proc/self"))(
  "[7:calibration] where nothing can be written, that is what is told",
  () => {
    expect(replaceFactorFile("/proc/factors.json", new Map())).rejects.toThrow("open");
  },
);

test("[7:calibration] what a killed process has left is removed after a minute, and nothing else", async () => {
  mkdirSync(join(path, ".."));
  const now = Date.now() / 1000;
  const names: [name: string, ageSeconds: number][] = [
    ["factors.json", 100],
    ["factors.json.old.tmp", 100],
    ["factors.json.older.tmp", 61],
    ["factors.json.young.tmp", 50],
    ["factors.json.tmp.kept", 100],
    ["other.json.old.tmp", 100],
  ];
  for (const [name, age] of names) {
    writeFileSync(join(path, "..", name), "");
    utimesSync(join(path, "..", name), now - age, now - age);
  }
  await removeLeftovers(path);
  expect(readdirSync(join(path, "..")).sort()).toEqual([
    "factors.json",
    "factors.json.tmp.kept",
    "factors.json.young.tmp",
    "other.json.old.tmp",
  ]);
});

test("[7:calibration] where there is no folder nothing is removed, and nothing thrown", async () => {
  expect(await removeLeftovers(path)).toBeUndefined();
});
