import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../support/strict/json.ts";

/** Where failing cases are kept, a folder for each property. */
const fixturesFolder = process.env["FUZZ_FIXTURES"] ?? join(import.meta.dir, "../fixtures/fuzz");

export interface Fixture {
  /** The file's name, which says what the case shows. */
  name: string;
  /** As parsed; whoever replays it checks its form. */
  value: unknown;
}

/** The cases with which the property of this area has failed so far, by name. */
export function readFixtures(area: string): Fixture[] {
  const folder = join(fixturesFolder, area);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, value: JSON.parse(readFileSync(join(folder, name), "utf8"), restoreBytes) }));
}

/** Keeps a failing case, and gives the path of its file. */
export function writeFixture(area: string, name: string, value: unknown): string {
  const folder = join(fixturesFolder, area);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(value, showBytes, 2)}\n`);
  return path;
}

/** Bytes as a text that a person can read: a character for each byte. */
function showBytes(this: unknown, key: string, value: unknown): unknown {
  // `value` is what a buffer's own toJSON has made of it.
  const original = isObject(this) || Array.isArray(this) ? Reflect.get(this, key) : value;
  return original instanceof Uint8Array ? { latin1: Buffer.from(original).toString("latin1") } : value;
}

function restoreBytes(_key: string, value: unknown): unknown {
  if (!isObject(value) || Object.keys(value).join() !== "latin1") return value;
  return Buffer.from(String(value["latin1"]), "latin1");
}
