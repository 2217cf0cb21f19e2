import { describe, expect, test } from "bun:test";
import { expectLinear } from "../../../support/expect-linear.ts";
import {
  added,
  args,
  argsDone,
  asked,
  call,
  completed,
  doneItem,
  message,
  on,
  reasoning,
  summarized,
  summary,
  text,
} from "./events.ts";
import { createResponsesTranslator } from "./translate-response.ts";

const estimate = { inputTokens: 7, outputTokens: 3 };
const kilobytes = "0123456789abcdef".repeat(4096);
const search = { type: "web_search_call", action: { type: "search", query: "q", sources: [{ url: "u" }] } };

/** What an upstream may say without an end, one event after the other. */
const kinds: Record<string, (index: number) => object> = {
  text: () => text(0, kilobytes),
  "parts of a text": (index) => text(0, "a", { content_index: index }),
  messages: (index) => text(index, "a"),
  "whole messages": (index) => doneItem(index, message("a")),
  reasoning: () => summary(0, kilobytes),
  "parts of a summary": (index) => summary(0, "a", index),
  blobs: (index) => doneItem(index, reasoning({ encrypted_content: kilobytes })),
  arguments: () => args(0, kilobytes),
  "announced arguments": (index) => added(index, call(`call_${index}`, undefined, kilobytes)),
  calls: (index) => added(index, call(`call_${index}`, "Bash")),
  "calls without a name": (index) => args(index, "{}"),
  "whole calls": (index) => doneItem(index, call(`call_${index}`, "Bash", "{}")),
  "several calls in one": (index) =>
    doneItem(
      index,
      call(`call_${index}`, "parallel", '{"tool_uses":[{"recipient_name":"Bash","parameters":{}}]}'),
    ),
  searches: (index) => doneItem(index, search),
  "items of another type": (index) => added(index, { type: `type_${index}` }),
  "items that change their kind": (index) => (index % 2 === 0 ? text(0, "a") : summary(0, "a")),
};

/** The events of a kind until the answer fails; the answer of any size ends at some time. */
function pushUntilFailure(next: (index: number) => object): [string | undefined, number] {
  const translator = createResponsesTranslator(asked);
  let index = 0;
  for (; index < 200_000 && translator.failure === null; index += 1) translator.push(next(index), estimate);
  return [translator.failure?.message, index];
}

describe("an answer without an end", () => {
  test.each(Object.keys(kinds))("[24.8:bounded] of %s ends with an error", (kind) => {
    const [failure, count] = pushUntilFailure(kinds[kind] ?? (() => ({})));
    expect(failure).toBe("The upstream's answer is longer than 33554432 characters");
    expect(count).toBeLessThan(100_000);
  });
});

describe("an answer of many items", () => {
  const itemOf = (kind: number, index: number) =>
    [
      message("a"),
      reasoning({ summary: summarized("s"), encrypted_content: "E" }),
      call(`call_${index}`, "Bash", "{}"),
      search,
    ][kind % 4] ?? {};
  const manners: Record<string, (size: number) => object[]> = {
    "whole in the end": (size) => [
      completed(Array.from({ length: size }, (_, index) => itemOf(index, index))),
    ],
    "announced, and whole in the end": (size) => {
      const items = Array.from({ length: size }, (_, index) => itemOf(index, index));
      return [...items.map((item, index) => added(index, item)), completed(items)];
    },
    "without index and ids": (size) => {
      const items = Array.from({ length: size }, () => message("a"));
      return [
        ...items.map((item) => added(undefined, item)),
        ...items.map((item) => doneItem(undefined, item)),
        completed(items),
      ];
    },
    "calls that wait for the first": (size) => [
      added(0, call("call_A", "Bash")),
      ...Array.from({ length: size }, (_, index) =>
        doneItem(index + 1, call(`call_${index}`, "Bash", '{"a":1}')),
      ),
      argsDone(0, "{}"),
    ],
    "text in pieces, whole three times": (size) => {
      const whole = "abcd ".repeat(size);
      return [
        ...Array.from({ length: size }, () => text(0, "abcd ")),
        on("output_text.done", { output_index: 0, content_index: 0, text: whole }),
        doneItem(0, message(whole)),
        completed([message(whole)]),
      ];
    },
    "arguments in pieces, whole three times": (size) => {
      const whole = `{"command":"${"abcd ".repeat(size)}"}`;
      const item = call("call_A", "Bash", whole);
      return [
        added(0, call("call_A", "Bash")),
        ...(whole.match(/.{1,5}/g) ?? []).map((piece) => args(0, piece)),
        argsDone(0, whole),
        doneItem(0, item),
        completed([item]),
      ];
    },
  };
  test.each(Object.keys(manners))(
    "[24.8:bounded] takes time in proportion: %s",
    async (name) => {
      await expectLinear(
        name,
        (size) => manners[name]?.(size) ?? [],
        (events) => {
          const translator = createResponsesTranslator(asked);
          for (const event of events) translator.push(event, estimate);
          translator.finish("done", estimate);
          expect(translator.failure).toBeNull();
        },
        { largestSize: 16_000 },
      );
    },
    120_000,
  );
});
