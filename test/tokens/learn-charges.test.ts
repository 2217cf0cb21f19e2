import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createCalibration } from "../../src/tokens/calibration.ts";
import { ChargeLearning, type ChargeLearningOptions } from "../../src/tokens/learn-charges.ts";
import { createPartCounter } from "../../src/tokens/part-counter.ts";
import { countCalls } from "../performance/count-calls.ts";
import { createCharacterTokenizer, failOnWarning, partOf } from "./character-tokenizer.ts";

interface Answer {
  model: string;
  texts: readonly string[];
  promptTokens: number;
}

/** [model, raw tokens, prompt tokens] */
type Learned = [string, number, number];

const rawTokens = ({ texts }: Answer): number => texts.join("").length;
const learnedOf = (answer: Answer): Learned => [answer.model, rawTokens(answer), answer.promptTokens];

/** Long enough for nothing to happen by itself within a test. */
const neverMs = 1e8;

function createLearning(options: Partial<ChargeLearningOptions> = {}, delayMs = () => 1) {
  const { tokenizer, asked } = createCharacterTokenizer(delayMs);
  const counter = createPartCounter({ tokenizer, warn: failOnWarning });
  const learned: Learned[] = [];
  const learning = new ChargeLearning({
    counter,
    learn: (...charge) => learned.push(charge),
    quietMs: neverMs,
    maxWaitMs: neverMs,
    ...options,
  });
  return {
    asked,
    learned,
    close: () => learning.close(),
    note: ({ model, texts, promptTokens }: Answer) =>
      learning.note({ model, promptTokens, ...counter.recallParts([partOf(0, ...texts)]) }),
    count: (...texts: string[]) => counter.countParts([partOf(0, ...texts)]),
    /** Waits until so many charges were learned from. */
    async learnedFrom(count: number): Promise<Learned[]> {
      for (let tries = 0; tries < 1000 && learned.length < count; tries += 1) await Bun.sleep(1);
      return learned;
    },
  };
}

const answerOf = (...texts: string[]): Answer => ({ model: "m", texts, promptTokens: 7 });

describe("when charges are learned from", () => {
  test("[7:calibration] at once where all is counted", async () => {
    const { note, count, learned } = createLearning();
    await count("a", "bc");
    note(answerOf("a", "bc", "a"));
    expect(learned).toEqual([["m", 4, 7]]);
  });

  test("[7:calibration] in the pause, in the order of the answers, each new text counted once", async () => {
    const { note, count, asked, learnedFrom } = createLearning({ quietMs: 5 });
    await count("system");
    const answers = Array.from({ length: 100 }, (_, turn) =>
      answerOf("system", ...Array.from({ length: turn }, (_, index) => `turn ${index}`)),
    );
    for (const answer of answers) note(answer);
    expect(await learnedFrom(100)).toEqual(answers.map(learnedOf));
    expect(asked.length).toBe(100);
  });

  test("[7:calibration] and then nothing is waited for: an idle program is not woken", async () => {
    const { note, learnedFrom } = createLearning({ quietMs: 5 });
    note(answerOf("new"));
    await learnedFrom(1);
    const { calls } = await countCalls(globalThis, "setTimeout", () => Bun.sleep(40));
    expect(calls).toBe(0);
  });

  test("[7:calibration] behind an earlier charge of the model that waits, and not behind one of another", async () => {
    const { note, count, learned, learnedFrom } = createLearning({ quietMs: 5 });
    await count("known");
    note(answerOf("new"));
    note(answerOf("known"));
    note({ ...answerOf("known"), model: "other" });
    expect(learned).toEqual([["other", 5, 7]]);
    expect(await learnedFrom(3)).toEqual([
      ["other", 5, 7],
      ["m", 3, 7],
      ["m", 5, 7],
    ]);
  });

  test("[7:calibration] behind one that is being counted", async () => {
    const { note, learnedFrom } = createLearning({ quietMs: 1 }, () => 20);
    const answers = [answerOf("a"), answerOf("bc"), answerOf("a")];
    for (const answer of answers) {
      note(answer);
      await Bun.sleep(5);
    }
    expect(await learnedFrom(3)).toEqual(answers.map(learnedOf));
  });

  test("[7:calibration] after the longest wait, though charges never cease", async () => {
    const { note, learned } = createLearning({ quietMs: 100, maxWaitMs: 300 });
    const startMs = performance.now();
    for (let turn = 0; learned.length === 0; turn += 1) {
      note(answerOf(`turn ${turn}`));
      await Bun.sleep(1);
    }
    // Not in a pause, of which there was none.
    expect(performance.now() - startMs).toBeGreaterThan(250);
    expect(learned[0]).toEqual(["m", "turn 0".length, 7]);
  });

  test("[7:calibration] as soon as too much waits", async () => {
    const { note, learnedFrom, learned } = createLearning({ maxBytes: 1000 });
    note(answerOf("x".repeat(300)));
    await Bun.sleep(5);
    expect(learned).toEqual([]);
    note(answerOf("y".repeat(300)));
    expect(await learnedFrom(2)).toEqual([
      ["m", 300, 7],
      ["m", 300, 7],
    ]);
  });
});

test("[7:calibration] what waits is bounded: charges are passed over while more comes than can be counted", async () => {
  const { note, learnedFrom, learned } = createLearning({ maxBytes: 100_000, quietMs: 1 }, () => 20);
  const answers = Array.from({ length: 100 }, (_, turn) => answerOf(`${turn}`.padEnd(5_000)));
  for (const answer of answers)
    note({ ...answer, promptTokens: Number.parseInt(answer.texts[0] ?? "", 10) + 1 });
  await learnedFrom(20);
  await Bun.sleep(10);
  // 10 KB each: ten are being counted, ten more may wait meanwhile.
  expect(learned.map(([, , promptTokens]) => promptTokens - 1)).toEqual([...Array(20).keys()]);
});

test("[7:calibration] charges that all have the same texts hold them once", async () => {
  const { note, asked, learned, learnedFrom } = createLearning({ maxBytes: 100_000, quietMs: 5 });
  const conversation = "x".repeat(10_000);
  for (let turn = 0; turn < 100; turn += 1) note(answerOf(conversation));
  expect(asked).toEqual([]);
  await learnedFrom(100);
  expect(learned.length).toBe(100);
  expect(asked.length).toBe(1);
});

test("[7:calibration] at the end what is counted is learned from, and the rest forgotten", async () => {
  const { note, count, learned, close } = createLearning({ quietMs: 5 });
  note(answerOf("a"));
  note(answerOf("bc"));
  note(answerOf("a", "a"));
  await count("a");
  close();
  await Bun.sleep(10);
  expect(learned).toEqual([
    ["m", 1, 7],
    ["m", 2, 7],
  ]);
});

test("[7:calibration] nothing is learned from what could not be counted", async () => {
  let isBroken = true;
  const { tokenizer } = createCharacterTokenizer();
  const counter = createPartCounter({
    tokenizer: {
      ...tokenizer,
      count: (items) => (isBroken ? Promise.reject(new Error("no thread")) : tokenizer.count(items)),
    },
    warn: () => undefined,
  });
  const learned: Learned[] = [];
  const learning = new ChargeLearning({ counter, learn: (...charge) => learned.push(charge), quietMs: 1 });
  const note = (promptTokens: number) =>
    learning.note({ model: "m", promptTokens, ...counter.recallParts([partOf(0, "abc")]) });
  note(1);
  await Bun.sleep(20);
  isBroken = false;
  note(2);
  for (let tries = 0; tries < 1000 && learned.length === 0; tries += 1) await Bun.sleep(1);
  expect(learned).toEqual([["m", 3, 2]]);
});

test("[7:calibration] with any answers and pauses the factors are those of learning after every answer", async () => {
  const answers = fc.array(
    fc.record({
      model: fc.constantFrom("m", "n"),
      texts: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      ratio: fc.double({ min: 0.5, max: 2.5, noNaN: true }),
      /** Whether count_tokens was asked before. */
      isCounted: fc.boolean(),
      pauseMs: fc.constantFrom(0, 0, 0, 1, 4),
    }),
    { maxLength: 30 },
  );
  const calibrationOf = () =>
    createCalibration({ filePath: null, upstreamHost: "api.example.org", warn: failOnWarning });

  await fc.assert(
    fc.asyncProperty(answers, fc.nat(3), async (plans, delayMs) => {
      const calibration = calibrationOf();
      let learnedCount = 0;
      const learn: ChargeLearningOptions["learn"] = (...charge) => {
        learnedCount += 1;
        calibration.learn(...charge);
      };
      const { note, count, asked } = createLearning({ quietMs: 2, maxWaitMs: 10, learn }, () => delayMs);
      const everyAnswer = calibrationOf();
      for (const { model, texts, ratio, isCounted, pauseMs } of plans) {
        const answer = { model, texts, promptTokens: ratio * texts.join("").length };
        everyAnswer.learn(...learnedOf(answer));
        if (isCounted) await count(...texts);
        note(answer);
        if (pauseMs > 0) await Bun.sleep(pauseMs);
      }
      for (let tries = 0; tries < 1000 && learnedCount < plans.length; tries += 1) await Bun.sleep(1);
      expect(learnedCount).toBe(plans.length);
      for (const model of ["m", "n"]) expect(calibration.factor(model)).toBe(everyAnswer.factor(model));
      expect(asked.length).toBe(new Set(plans.flatMap(({ texts }) => texts)).size);
    }),
    { numRuns: 30 },
  );
});
