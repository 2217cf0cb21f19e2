import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getSettingNote, settingNames } from "../../src/config/config-schema.ts";

test("the README's table of settings says what the program knows", () => {
  const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");
  const rows = readme.split("\n").filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  expect(rows).toEqual(
    settingNames.map((name) => {
      const { flag, defaultText, description } = getSettingNote(name);
      return `| \`${name}\` | ${flag === null ? "none" : `\`${flag}\``} | ${defaultText ?? "must be set"} | ${description} |`;
    }),
  );
});
