import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeLeftovers } from "../../src/files/replace-file.ts";
import { keepLatest, readFactorFile, replaceFactorFile } from "../../src/tokens/calibration-file.ts";

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
  expect(readFileSync(path, "utf8")).toBe('{\n  "factors": {\n    "b": 2\n  }\n}\n');
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

const write = (text: string) => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
};

test("[7:calibration] factors are read in their order; what is none is left out", () => {
  const key = "k".repeat(600);
  write(JSON.stringify({ factors: { b: 1.5, a: 2, text: "1", none: null, [key]: 1, [`${key}k`]: 1 } }));
  expect([...readFactorFile(path)]).toEqual([
    ["b", 1.5],
    ["a", 2],
    [key, 1],
  ]);
  write('{"factors":{"endless":1e999,"a":1}}');
  expect([...readFactorFile(path)]).toEqual([["a", 1]]);
});

test.each([
  ["[]", "It holds no factors."],
  ["{}", "It holds no factors."],
  ['{"factors":[1]}', "It holds no factors."],
  ["nonsense", "JSON"],
  [" ".repeat(2 * 1024 * 1024 + 1), "It has 2097153 bytes, more than 2097152."],
])("[7:calibration] what else is in the file is told", (text, message) => {
  write(text);
  expect(() => readFactorFile(path)).toThrow(message);
});

test("[7:calibration] a file that is none, or a link to one, is not read", () => {
  mkdirSync(path, { recursive: true });
  expect(() => readFactorFile(path)).toThrow("It is not a regular file.");
  rmSync(path, { recursive: true });
  expect(() => readFactorFile(path)).toThrow("ENOENT");
  writeFileSync(`${path}.real`, '{"factors":{}}');
  symlinkSync(`${path}.real`, path);
  expect(() => readFactorFile(path)).toThrow("ELOOP");
});

test.skipIf(process.geteuid?.() !== 0)("[7:calibration] another user's file is not read", () => {
  write('{"factors":{}}');
  chownSync(path, 12_345, 12_345);
  expect(() => readFactorFile(path)).toThrow("It belongs to another user.");
});

test.skipIf(!existsSync("/proc/self/fd"))("[7:calibration] the file does not stay open", () => {
  write('{"factors":{}}');
  const before = readdirSync("/proc/self/fd").length;
  readFactorFile(path);
  write("nonsense");
  expect(() => readFactorFile(path)).toThrow("JSON");
  expect(readdirSync("/proc/self/fd")).toHaveLength(before);
});

test.each([
  [500, 0],
  [501, 1],
  [510, 10],
])("[7:calibration] of %d factors the first %d go", (count, gone) => {
  const factors = new Map(Array.from({ length: count }, (_, index) => [`${index}`, 1]));
  keepLatest(factors);
  expect([factors.size, [...factors.keys()][0]]).toEqual([500, `${gone}`]);
});
