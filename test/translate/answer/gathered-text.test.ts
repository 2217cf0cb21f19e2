import { expect, test } from "bun:test";
import fc from "fast-check";
import { GatheredText } from "../../../src/translate/answer/gathered-text.ts";

const piece = fc.string({ minLength: 1, maxLength: 3 });

test("gathered text is what += makes of its pieces, whenever it is read or taken", () => {
  const steps = fc.array(
    fc.oneof(
      piece,
      fc.constantFrom("read", "take").map((kind) => ({ kind })),
    ),
  );
  fc.assert(
    fc.property(steps, (made) => {
      const gathered = new GatheredText();
      let expected = "";
      for (const step of made) {
        if (typeof step === "string") {
          gathered.add(step);
          expected += step;
          continue;
        }
        expect(step.kind === "take" ? gathered.take() : gathered.text).toBe(expected);
        if (step.kind === "take") expected = "";
      }
      expect(gathered.isEmpty).toBe(expected === "");
      expect(gathered.text).toBe(expected);
    }),
  );
});

test("more pieces than are kept one by one are in their order", () => {
  const gathered = new GatheredText();
  const pieces = Array.from({ length: 10_000 }, (_, index) => `${index} `);
  for (const text of pieces) gathered.add(text);
  expect(gathered.text).toBe(pieces.join(""));
});
