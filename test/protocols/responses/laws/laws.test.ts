import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { findGrammarFaults } from "../../../support/grammar.ts";
import { describeMessage } from "../answer/describe-message.ts";
import { asked } from "../answer/events.ts";
import {
  bytesOf,
  type TranslatedResponse,
  translateBytes,
  translateEvents,
  translateWhole,
} from "../answer/translate-response.ts";
import { answers, manners } from "./said.ts";
import { tellResponse } from "./tell-response.ts";

/** The laws of the translation, over generated answers that are told in all manners that were seen at some server. */
const runs = Number(process.env["LAW_RUNS"] ?? (process.env["CI"] === "true" ? 20_000 : 2_000));
const seed = Number(process.env["LAW_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`laws of responses: ${runs} runs each, LAW_SEED=${seed}\n`);
const settings = { numRuns: runs, seed } as const;
/** For 20,000 runs on a slow machine. */
const timeLimitMs = 300_000;

/** What arrived, apart from the places of the blobs. */
function contentOf({ message }: TranslatedResponse): object {
  const lines = describeMessage(message);
  const of = (kind: string) =>
    lines
      .filter((line) => line.startsWith(kind))
      .map((line) => line.slice(kind.length).replace(/(?: \[gA[a-z]+\d+\])+$/, ""));
  return {
    thinking: of("thinking ").join(""),
    text: of("text ").join(""),
    calls: of("call "),
    blobs: lines.flatMap((line) => line.match(/\[gA[a-z]+\d+\]/g) ?? []).toSorted(),
    stop: message?.stop_reason,
  };
}

describe("generated responses", () => {
  test(
    "[4.2:split 4.1:order] chunking law: any split of the bytes gives the same legal events",
    () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
      fc.assert(
        fc.property(answers, manners, sizes, (items, manner, lengths) => {
          const { events } = tellResponse(items, manner);
          const bytes = bytesOf(manner.hasDone ? [...events, "[DONE]"] : events);
          const { sse } = translateBytes(asked, [bytes]);
          const pieces: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = lengths[pieces.length % lengths.length] ?? 1;
            pieces.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(translateBytes(asked, pieces).sse).toBe(sse);
          expect(findGrammarFaults(new TextEncoder().encode(sse))).toEqual([]);
        }),
        settings,
      );
    },
    timeLimitMs,
  );

  test(
    "[24.8:laws] agreement law: the folded stream is the message of the whole response",
    () => {
      fc.assert(
        fc.property(answers, manners, (items, manner) => {
          const { events, response } = tellResponse(items, manner);
          const streamed = translateEvents(asked, events);
          const whole = translateWhole(asked, response);
          expect(contentOf(streamed)).toEqual(contentOf(whole));
          // Blobs that come with the terminal event only are carried at the end.
          if (manner.endsItems)
            expect(describeMessage(streamed.message)).toEqual(describeMessage(whole.message));
          expect(streamed.warnings).toEqual(whole.warnings);
        }),
        settings,
      );
    },
    timeLimitMs,
  );

  test(
    "[24.8:laws] conservation law: all that was said arrives",
    () => {
      fc.assert(
        fc.property(answers, manners, (items, manner) => {
          const { events } = tellResponse(items, manner);
          const told = contentOf(translateEvents(asked, events));
          const calls = items.flatMap((item) =>
            item.kind === "call" ? [`${item.id} ${item.name} ${JSON.stringify(item.input)}`] : [],
          );
          const isRefused = items.some(
            (item) => item.kind === "message" && item.parts.some(({ isRefusal }) => isRefusal),
          );
          expect(told).toEqual({
            thinking: items
              .map((item) =>
                item.kind === "reasoning"
                  ? (item.summary.length > 0 ? item.summary : item.content).join("\n\n")
                  : "",
              )
              .join(""),
            text: items
              .map((item) => (item.kind === "message" ? item.parts.map(({ text }) => text).join("") : ""))
              .join(""),
            calls,
            blobs: items
              .flatMap((item, place) =>
                item.kind === "reasoning" && item.blob !== null && items[place + 1]?.kind !== "search"
                  ? [`[${item.blob}]`]
                  : [],
              )
              .toSorted(),
            stop: calls.length > 0 ? "tool_use" : isRefused ? "refusal" : "end_turn",
          });
        }),
        settings,
      );
    },
    timeLimitMs,
  );
});
