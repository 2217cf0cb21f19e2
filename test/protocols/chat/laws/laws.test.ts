import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import { findGrammarFaults } from "../../../support/grammar.ts";
import { startOracles } from "../../../support/oracles.ts";
import { objectOf } from "../../../support/strict/json.ts";
import {
  type TranslatedAnswer,
  type TranslationCase,
  translateCompletion,
  translateStream,
} from "../../../support/translate-answer.ts";
import { type Answer, answers, plainAnswers, wholeAnswers } from "./answer.ts";
import { chunksOf, encodeStream, split } from "./encode-stream.ts";
import { expectContent, understandMessage } from "./expected-content.ts";
import { type Manner, manners, orderlyManners } from "./manner.ts";
import { insertNoise, noises } from "./noise.ts";
import { targets } from "./target.ts";
import { completionOf, tellAnswer } from "./tell-answer.ts";

/**
 * The laws of the translation, over generated answers of every family with all quirks of rule 0.13 mixed: how the
 * bytes are split changes nothing (chunking), the stream of an answer folds into the message of the whole answer
 * (agreement), and all that was said arrives (conservation).
 */
const runs = Number(process.env["LAW_RUNS"] ?? (process.env["CI"] === "true" ? 5_000 : 2_000));
const seed = Number(process.env["LAW_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`laws: ${runs} runs each, LAW_SEED=${seed}\n`);
const settings = { numRuns: runs, seed } as const;
/** For many runs on a slow machine; the oracles answer over HTTP. */
const timeLimitMs = 300_000;

const splits = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

/** The error that an answer ended in, or its message. */
function outcomeOf({ events, message }: TranslatedAnswer): unknown {
  const last = events.at(-1);
  return last?.type === "error" ? last : message;
}

/** We watch for these ourselves and stop reading: what comes behind the hit is in the whole answer only. */
function endsAtStopSequence(target: TranslationCase): boolean {
  return messagesRequestSchema.parse(target.request).stop_sequences?.length !== 0;
}

function showsThinking(target: TranslationCase): boolean {
  return messagesRequestSchema.parse(target.request).thinking?.display !== "omitted";
}

function withoutEnd(answer: Answer): Answer {
  return { ...answer, calls: [], refusal: "", sources: [], finishReason: "stop", usage: null };
}

describe("generated answers", () => {
  test(
    "[4.2:split 4.1:order 4.1:form] chunking law: any split of the bytes gives the same legal events",
    () => {
      fc.assert(
        fc.property(targets, answers, manners, noises, splits, (target, answer, manner, noise, sizes) => {
          const { deltas } = tellAnswer(answer, manner, target.profile);
          const chunks = insertNoise(chunksOf(deltas, answer, manner), noise);
          const bytes = encodeStream(chunks, answer, manner);
          const { sse } = translateStream(target, [bytes]);
          expect(translateStream(target, split(bytes, sizes)).sse).toBe(sse);
          expect(findGrammarFaults(new TextEncoder().encode(sse))).toEqual([]);
        }),
        settings,
      );
    },
    timeLimitMs,
  );

  test(
    "[3.1:agreement] agreement law: the folded stream is the message of the whole answer",
    () => {
      fc.assert(
        fc.property(targets, wholeAnswers, manners, (target, said, manner) => {
          const answer = endsAtStopSequence(target) ? withoutEnd(said) : said;
          const told = tellAnswer(answer, manner, target.profile);
          const bytes = encodeStream(chunksOf(told.deltas, answer, manner), answer, manner);
          const streamed = translateStream(target, [bytes]);
          const whole = translateCompletion(target, completionOf(told, answer, manner));
          expect(outcomeOf(streamed)).toEqual(outcomeOf(whole));
        }),
        settings,
      );
    },
    timeLimitMs,
  );

  test(
    "[3.1:content] conservation law: all that was said arrives, also in two clients that are not ours",
    async () => {
      const oracles = startOracles();
      const judge = async (target: TranslationCase, answer: Answer, manner: Manner) => {
        const told = tellAnswer(answer, manner, target.profile);
        const bytes = encodeStream(chunksOf(told.deltas, answer, manner), answer, manner);
        const { sse, message } = translateStream(target, [bytes]);
        const understood = understandMessage(message);
        const calls = understood.calls.map(({ name, input }) => ({ name, input }));
        expect<object>({ ...understood, calls }).toEqual(
          expectContent(answer, manner, showsThinking(target)),
        );
        expect(await oracles.askAnthropicSdk(sse)).toEqual(understood);
        expect(await oracles.askAiSdk(sse)).toEqual(understood);
      };
      await fc.assert(fc.asyncProperty(targets, plainAnswers, orderlyManners, judge), settings);
      await oracles.stop();
    },
    timeLimitMs,
  );

  test(
    "[3.5:several] conservation law: calls that were put into one and mixed with others arrive, in whatever order",
    () => {
      // By name: as a text, an input with a member `toString` would not be one.
      const byName = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1);
      const inSomeOrder = (calls: readonly { name: string; input: unknown }[]) =>
        calls
          .map(({ name, input }) =>
            JSON.stringify([name, ...Object.entries(objectOf(input)).toSorted(byName)]),
          )
          .toSorted();
      fc.assert(
        fc.property(targets, plainAnswers, orderlyManners, (target, answer, orderly) => {
          const mixed = { callsAs: "pieces", index: "own", joinsCalls: true, isInterleaved: true } as const;
          const manner: Manner = { ...orderly, ...mixed, mixesJoined: true };
          const { deltas } = tellAnswer(answer, manner, target.profile);
          const { message } = translateStream(target, [
            encodeStream(chunksOf(deltas, answer, manner), answer, manner),
          ]);
          const calls = understandMessage(message).calls.map(({ name, input }) => ({ name, input }));
          const expected = expectContent(answer, manner, showsThinking(target));
          expect(inSomeOrder(calls)).toEqual(inSomeOrder(expected.calls));
        }),
        settings,
      );
    },
    timeLimitMs,
  );
});
