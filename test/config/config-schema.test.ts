import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSetting, getSettingNote, readSetting, settingNames } from "../../src/config/config-schema.ts";
import { getRequestLimit, raiseRequestLimit } from "../../src/config/request-limit.ts";

test.each(settingNames)("the example of %s could be its value", (name) => {
  const { example } = getSettingNote(name);
  expect(example).not.toBe("");
  // A key stands for any key: what is left out of it is told by an ellipsis, which no key has.
  const parsed = checkSetting(name, example.replace(/…$/, "0123"));
  expect(parsed).toEqual({ value: expect.anything() });
});

/** What the column "limit" says of a thing in the table of limits. */
function limitOf(what: string): string {
  const page = readFileSync(join(import.meta.dir, "../../docs/operations.md"), "utf8");
  const row = page.split("\n").find((line) => line.startsWith(`| ${what} |`));
  return row?.split(" | ")[1] ?? "";
}

test("the table of limits has the figures of the settings", () => {
  const most = readSetting("MAX_CONCURRENT_REQUESTS", undefined);
  const raised = getRequestLimit(raiseRequestLimit({}) ?? {});
  expect(limitOf("concurrent requests")).toStartWith(`${most}; `);
  expect(limitOf("concurrent requests that Bun sends")).toStartWith(`${raised}; `);
});
