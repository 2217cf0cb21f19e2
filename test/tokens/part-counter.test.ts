import { expect, test } from "bun:test";
import fc from "fast-check";
import { createPartCounter } from "../../src/tokens/part-counter.ts";
import type { RequestPart } from "../../src/tokens/request-part.ts";
import { createCharacterTokenizer, failOnWarning, partOf, text } from "./character-tokenizer.ts";

test("[7] a part counts its fixed tokens and all of its texts", async () => {
  const counter = createPartCounter({ tokenizer: createCharacterTokenizer().tokenizer, warn: failOnWarning });
  const parts = [partOf(4, "ab", "cde"), partOf(12), partOf(8, "ab")];
  expect(await counter.countParts(parts)).toEqual({ counts: [9, 12, 10], isGuess: false });
});

test("[7] what was counted is remembered: one more turn costs that turn only", async () => {
  const { tokenizer, asked } = createCharacterTokenizer();
  const counter = createPartCounter({ tokenizer, warn: failOnWarning });
  const conversation = Array.from({ length: 200 }, (_, index) => partOf(4, `turn ${index}`, "same"));
  await counter.countParts(conversation);
  expect(asked.length).toBe(201);
  asked.length = 0;

  await counter.countParts([...conversation, partOf(4, "one more")]);
  expect(asked).toEqual([text("one more")]);
});

test("[7] what was counted before is recalled, the rest is told as it is, and no tokenizer is asked", async () => {
  const { tokenizer, asked } = createCharacterTokenizer();
  const counter = createPartCounter({ tokenizer, warn: failOnWarning });
  const parts = [partOf(4, "known", "1234567"), partOf(8, "1234567")];
  const recall = (of: readonly RequestPart[]) => {
    const { knownTokens, uncounted } = counter.recallParts(of);
    return { knownTokens, uncounted: uncounted.map(({ item }) => item.content) };
  };
  expect(recall(parts)).toEqual({ knownTokens: 12, uncounted: ["known", "1234567", "1234567"] });
  expect(asked).toEqual([]);

  await counter.countParts([partOf(0, "known")]);
  expect(recall(parts)).toEqual({ knownTokens: 17, uncounted: ["1234567", "1234567"] });
  expect(recall([partOf(4, "known")])).toEqual({ knownTokens: 9, uncounted: [] });
  expect(asked).toEqual([text("known")]);
});

test("[7] a text that is being counted is not known yet", async () => {
  const counter = createPartCounter({ tokenizer: createCharacterTokenizer().tokenizer, warn: failOnWarning });
  const counting = counter.countParts([partOf(4, "known")]);
  expect(counter.recallParts([partOf(4, "known")]).uncounted.length).toBe(1);
  await counting;
  expect(counter.recallParts([partOf(4, "known")])).toEqual({ knownTokens: 9, uncounted: [] });
});

test("[7] equal texts that come at the same time are counted once", async () => {
  const { tokenizer, asked } = createCharacterTokenizer();
  const counter = createPartCounter({ tokenizer, warn: failOnWarning });
  const burst = Array.from({ length: 25 }, () => counter.countParts([partOf(8, "the same tool")]));
  expect(await Promise.all(burst)).toEqual(
    Array.from({ length: 25 }, () => ({ counts: [21], isGuess: false })),
  );
  expect(asked).toEqual([text("the same tool")]);
});

test("[7] a text and a document of the same content are not the same", async () => {
  const { tokenizer, asked } = createCharacterTokenizer();
  const counter = createPartCounter({ tokenizer, warn: failOnWarning });
  const document: RequestPart = { ...partOf(0), items: [{ kind: "document", content: "JVBERg==" }] };
  await counter.countParts([partOf(0, "JVBERg=="), document]);
  expect(asked).toEqual([text("JVBERg=="), { kind: "document", content: "JVBERg==" }]);
});

test("[7] the memory is bounded by bytes, and the least recently used goes first", async () => {
  const { tokenizer, asked } = createCharacterTokenizer();
  const counter = createPartCounter({ tokenizer, warn: failOnWarning, memoryBytes: 3 * 128 });
  for (const content of ["a", "b", "c", "a", "d"]) await counter.countParts([partOf(0, content)]);
  asked.length = 0;
  for (const content of ["a", "c", "d", "b"]) await counter.countParts([partOf(0, content)]);
  expect(asked).toEqual([text("b")]);
});

test("[7] with or without memory the counts are the same", async () => {
  const requests = fc.array(
    fc.array(fc.tuple(fc.nat(20), fc.array(fc.string({ maxLength: 3 }), { maxLength: 4 })), { maxLength: 5 }),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(requests, async (plans) => {
      const remembering = createPartCounter({
        tokenizer: createCharacterTokenizer().tokenizer,
        warn: failOnWarning,
      });
      for (const plan of plans) {
        const parts = plan.map(([fixedTokens, contents]) => partOf(fixedTokens, ...contents));
        const forgetful = createPartCounter({
          tokenizer: createCharacterTokenizer().tokenizer,
          warn: failOnWarning,
          memoryBytes: 0,
        });
        const expected = {
          counts: plan.map(([fixedTokens, contents]) => fixedTokens + contents.join("").length),
          isGuess: false,
        };
        expect(await remembering.countParts(parts)).toEqual(expected);
        expect(await forgetful.countParts(parts)).toEqual(expected);
      }
    }),
    { numRuns: 30 },
  );
});

test("[7] when the tokenizer fails, what is not remembered is guessed from its bytes, with one warning", async () => {
  const { tokenizer } = createCharacterTokenizer();
  const failure = new Error("The tokenizer's thread ended.");
  let isBroken = false;
  const warnings: [string, unknown][] = [];
  const counter = createPartCounter({
    tokenizer: {
      ...tokenizer,
      count: (items) => (isBroken ? Promise.reject(failure) : tokenizer.count(items)),
    },
    warn: (message, cause) => warnings.push([message, cause]),
  });
  await counter.countParts([partOf(0, "known")]);
  isBroken = true;

  const document: RequestPart = {
    ...partOf(0),
    items: [{ kind: "document", content: Buffer.from("/Type /Page").toString("base64") }],
  };
  const parts = [partOf(4, "known"), partOf(4, "x".repeat(35)), partOf(4, "漢字"), document];
  const expected = { counts: [4 + 5, 4 + 10, 4 + 2, 2000], isGuess: true };
  expect(await counter.countParts(parts)).toEqual(expected);
  expect(await counter.countParts(parts)).toEqual(expected);
  expect(await counter.countParts([partOf(4, "known")])).toEqual({ counts: [9], isGuess: false });
  expect(warnings).toEqual([["Token counts are guessed from bytes: the tokenizer failed.", failure]]);

  isBroken = false;
  expect(await counter.countParts([partOf(4, "x".repeat(35))])).toEqual({ counts: [39], isGuess: false });
});
