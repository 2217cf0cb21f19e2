import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTakeover, recogniseFormat, takeoverFormats } from "../../src/takeover/takeover-formats.ts";

const fixtures = join(import.meta.dir, "../fixtures/takeover");
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

const files = takeoverFormats.flatMap((format) =>
  readdirSync(join(fixtures, format))
    .filter((name) => name !== "expected.json")
    .map((name) => ({ format, name, text: readFileSync(join(fixtures, format, name), "utf8") })),
);

const withoutMaps = (_name: string, value: unknown) =>
  value instanceof Map ? Object.fromEntries(value) : value;

test.each(takeoverFormats.map((format) => [format] as const))(
  "%s: what a file says is carried over, and what cannot be is named",
  async (format) => {
    const found: Record<string, unknown> = {};
    for (const file of files.filter((one) => one.format === format)) {
      found[file.name] = JSON.parse(JSON.stringify(await parseTakeover(format, file.text), withoutMaps));
    }
    const path = join(fixtures, format, "expected.json");
    if (isUpdate) writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(path, "utf8")));
  },
);

test.each(files.map(({ format, name, text }) => [`${format}/${name}`, format, text] as const))(
  "the format of %s is recognised by its text",
  (_path, format, text) => {
    expect(recogniseFormat(text)).toBe(format);
  },
);

test("a file of another kind is none of them", () => {
  expect([
    recogniseFormat(""),
    recogniseFormat("{}"),
    recogniseFormat("a: 1\n"),
    recogniseFormat("FOO=1\n"),
  ]).toEqual([null, null, null, null]);
});

test("what is left out, and what is wrong with a file, shows no secret", async () => {
  for (const { format, text } of files) {
    const taken = await parseTakeover(format, text);
    const told = "fault" in taken ? taken.fault : JSON.stringify(taken.left);
    expect(told).not.toMatch(/canary|0123456789/);
  }
});
