import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findGrammarFaults } from "../../../support/grammar.ts";
import { createRandom } from "../../../support/random.ts";
import { splitAtRandom } from "../../../support/split-at-random.ts";
import { type ResponseCase, translateBytes } from "./translate-response.ts";

/**
 * Each folder is an answer on the Responses API, and what the client must hear. `UPDATE_GOLDEN=1` writes the expected
 * files anew; the difference is read like code.
 */
const root = join(import.meta.dir, "../../../fixtures/responses");
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

function testStream(folder: string): void {
  const read = (file: string) => readFileSync(join(root, folder, file));
  const { rules, ...asked }: ResponseCase & { rules: string[] } = JSON.parse(read("case.json").toString());
  const bytes = new Uint8Array(read("upstream.sse"));
  const whole = translateBytes(asked, [bytes]);

  describe(`[${rules.join(" ")}] stream ${folder}`, () => {
    test("says what server it imitates", () => {
      expect(new TextDecoder().decode(bytes)).toStartWith(": ");
    });

    test("gives exactly the expected events and message", () => {
      const message = `${JSON.stringify(whole.message, null, 2)}\n`;
      if (isUpdating) {
        writeFileSync(join(root, folder, "expected.sse"), whole.sse);
        writeFileSync(join(root, folder, "message.json"), message);
      }
      expect(whole.sse).toBe(read("expected.sse").toString());
      expect(message).toBe(read("message.json").toString());
    });

    test("is legal by the grammar of the client's wire", () => {
      expect(findGrammarFaults(new TextEncoder().encode(whole.sse))).toEqual([]);
    });

    test("[4.2:split] gives the same events byte by byte, and at random splits", () => {
      const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      expect(translateBytes(asked, pieces).sse).toBe(whole.sse);
      for (let seed = 1; seed <= 8; seed += 1)
        expect(translateBytes(asked, splitAtRandom(bytes, createRandom(seed))).sse).toBe(whole.sse);
    });
  });
}

for (const folder of readdirSync(root).sort()) testStream(folder);
