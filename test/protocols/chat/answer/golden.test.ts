import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findGrammarFaults } from "../../../support/grammar.ts";
import { createRandom } from "../../../support/random.ts";
import { splitAtRandom } from "../../../support/split-at-random.ts";
import { type TranslationCase, translateStream } from "../../../support/translate-answer.ts";

/**
 * Each folder is an answer of an upstream, and what the client must hear. `UPDATE_GOLDEN=1` writes the
 * expected files anew; the difference is read like code.
 */
const root = join(import.meta.dir, "../../../fixtures/streams");
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

function readCase(folder: string) {
  const translationCase: TranslationCase & { rules: string[] } = JSON.parse(
    readFileSync(join(root, folder, "case.json"), "utf8"),
  );
  const bytes = new Uint8Array(readFileSync(join(root, folder, "upstream.sse")));
  return { rules: translationCase.rules, translationCase, bytes };
}

for (const folder of readdirSync(root).sort()) {
  const { rules, translationCase, bytes } = readCase(folder);
  describe(`[${rules.join(" ")}] stream ${folder}`, () => testStream(folder, translationCase, bytes));
}

function testStream(folder: string, translationCase: TranslationCase, bytes: Uint8Array): void {
  const expectedPath = join(root, folder, "expected.sse");
  const messagePath = join(root, folder, "message.json");
  const whole = translateStream(translationCase, [bytes]);

  test("says what server it imitates", () => {
    expect(new TextDecoder().decode(bytes)).toStartWith(": ");
  });

  test("gives exactly the expected events and message", () => {
    const message = `${JSON.stringify(whole.message, null, 2)}\n`;
    if (isUpdating) {
      writeFileSync(expectedPath, whole.sse);
      writeFileSync(messagePath, message);
    }
    expect(existsSync(expectedPath)).toBe(true);
    expect(whole.sse).toBe(readFileSync(expectedPath, "utf8"));
    expect(message).toBe(readFileSync(messagePath, "utf8"));
  });

  test("is legal by the grammar of the client's wire", () => {
    expect(findGrammarFaults(new TextEncoder().encode(whole.sse))).toEqual([]);
  });

  test("[4.2:split] gives the same events byte by byte", () => {
    const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect(translateStream(translationCase, pieces).sse).toBe(whole.sse);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "[4.2:split] gives the same events at random splits, seed %d",
    (seed) => {
      expect(translateStream(translationCase, splitAtRandom(bytes, createRandom(seed))).sse).toBe(whole.sse);
    },
  );
}
