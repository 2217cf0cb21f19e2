import { describe, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { bash, chunkOf, expectLinearAnswer, limitMs, type Shape, told } from "./linear-answer.ts";

/** What comes as many things, each small. */
const lists: Record<string, { profile?: ProfileId; fields?: object; delta: (count: number) => object }> = {
  "calls in one event": {
    fields: bash(),
    delta: (count) => ({
      tool_calls: many(count, (index) => ({
        index,
        id: `call_${index}`,
        function: { name: "Bash", arguments: "{}" },
      })),
    }),
  },
  "calls at one index": {
    fields: bash(),
    delta: (count) => ({
      tool_calls: many(count, (index) => ({
        index: 0,
        id: `a${index}`,
        function: { name: "Bash", arguments: "{}" },
      })),
    }),
  },
  "calls without a name": {
    delta: (count) => ({ tool_calls: many(count, (index) => ({ index, function: { arguments: "{}" } })) }),
  },
  details: {
    profile: "openrouter",
    delta: (count) => ({
      reasoning_details: many(count, (index) => ({ type: "reasoning.encrypted", data: `${index}`, index })),
    }),
  },
  "parts of unknown types": {
    delta: (count) => ({ content: many(count, (index) => ({ type: `type ${index}` })) }),
  },
  "reasoning and text in turns": {
    delta: (count) => ({
      content: many(count, (index) =>
        index % 2 === 0 ? { type: "text", text: "a" } : { type: "thinking", thinking: ["b"] },
      ),
    }),
  },
  pages: {
    profile: "openrouter",
    fields: { tools: [{ type: "web_search_20250305", name: "web_search" }] },
    delta: (count) => ({
      annotations: many(count, (index) => ({
        type: "url_citation",
        url_citation: { url: `https://a.test/${index}` },
      })),
    }),
  },
};

function many(count: number, make: (index: number) => object): object[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

describe.each(Object.entries(lists))("[F3] many %s", (name, { profile = "generic", fields = {}, delta }) => {
  const made = (size: number, isWhole: boolean) => {
    const shape: Shape = {
      profile,
      fields: () => fields,
      text: () => "",
      delta: (text) => ({ content: text }),
    };
    const message = delta(size);
    return told([isWhole ? { choices: [{ message }] } : chunkOf(message)], { shape, size, isWhole });
  };
  test.each([false, true])(
    "take time in proportion to their number; whole: %p",
    async (isWhole) => {
      await expectLinearAnswer(name, (size) => made(size, isWhole), 80_000);
    },
    limitMs,
  );
});
