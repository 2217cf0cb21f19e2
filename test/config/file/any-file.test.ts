import { expect } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import { ConfigError } from "../../../src/config/config-error.ts";
import { property } from "../../fuzz/property.ts";
import { createConfigFolder } from "./config-folder.ts";
import { exampleEnv, exampleFiles, workedExamples } from "./worked-examples.ts";

/** A change of a text: at a place, so many characters go, and others come. */
const change = fc.record({
  at: fc.nat({ max: 700 }),
  cut: fc.nat({ max: 12 }),
  put: fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      "\n",
      "  ",
      "\t",
      ": ",
      "{",
      "}",
      "[",
      "]",
      '"',
      "'",
      "&a",
      "*a",
      "- ",
      "#",
      "|",
      "!!",
      "$",
      `\${AZURE_KEY}`,
      "null",
      "1",
      "~",
    ),
  ),
});

const mutated = fc
  .tuple(fc.constantFrom(...Object.values(workedExamples)), fc.array(change, { maxLength: 4 }))
  .map(([text, changes]) =>
    changes.reduce<string>((now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut), text),
  );

const secrets = [...Object.values(exampleEnv), ...Object.values(exampleFiles).map((text) => text.trim())];
const line = /^(?:\/\S+:\d+:\d+ \S|\/\S+ cannot be read: |[A-Z_]+ )/;

const folder = createConfigFolder();
for (const [path, text] of Object.entries(exampleFiles)) folder.write(path, text);
process.once("exit", () => folder[Symbol.dispose]());

property({
  name: "any file is loaded or refused in lines with its place, and no line shows a secret",
  area: "config-file",
  cases: fc.oneof({ weight: 6, arbitrary: mutated }, fc.string({ maxLength: 40, unit: "binary" })),
  shape: z.string(),
  check: async (text) => {
    folder.write(".config/claude-proxy/config.yaml", text);
    let said: readonly string[];
    try {
      const { config, warnings } = await folder.load({ env: exampleEnv });
      expect(config.file?.upstreams.size).toBeGreaterThan(0);
      said = warnings;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      expect(error.problems.filter((problem) => !line.test(problem) || problem.includes("\n"))).toEqual([]);
      said = error.problems;
    }
    const shown = said.join("\n");
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  },
});
