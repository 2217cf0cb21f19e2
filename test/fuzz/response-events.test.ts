import { expect } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import { asked } from "../protocols/responses/answer/events.ts";
import { translateEvents, translateWhole } from "../protocols/responses/answer/translate-response.ts";
import { findGrammarFaults } from "../support/grammar.ts";
import { property } from "./property.ts";

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, "", 0, -1, 1e9, 1.5, true, [], {}, "a", " ", [null], [[]], [5], { type: 5 }),
  fc.string({ maxLength: 4 }),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.oneof({ weight: 6, arbitrary: value }, odd);
const some = <Value extends object>(members: { [Member in keyof Value]: fc.Arbitrary<Value[Member]> }) =>
  fc.record(members, { requiredKeys: [] });

const words = fc.constantFrom("a", "ab", "abc", "b", "");
const json = fc.constantFrom(
  "",
  "{",
  "{}",
  '{"a":',
  '{"a":1}',
  '{"a":1}{"a":2}',
  "x",
  "[1]",
  '"x"',
  "null",
  " ",
);
const part = some({
  type: maybe(fc.constantFrom("output_text", "refusal", "reasoning_text", "summary_text")),
  text: maybe(words),
  refusal: maybe(words),
  annotations: maybe(
    fc.array(maybe(some({ type: fc.constant("url_citation"), url: maybe(words), title: maybe(words) }))),
  ),
});
const parts = maybe(fc.array(maybe(part), { maxLength: 2 }));
const item = some({
  type: maybe(fc.constantFrom("message", "reasoning", "function_call", "web_search_call", "compaction")),
  id: maybe(fc.constantFrom("i1", "i2", "")),
  call_id: maybe(fc.constantFrom("c1", "c2", "")),
  name: maybe(fc.constantFrom("Read", "Bash", "parallel", "Re", "")),
  arguments: maybe(json),
  status: maybe(fc.constantFrom("completed", "incomplete", "in_progress")),
  content: parts,
  summary: parts,
  encrypted_content: maybe(fc.constantFrom("E", "F", "")),
  action: maybe(
    some({
      type: maybe(fc.constant("search")),
      query: maybe(words),
      queries: maybe(fc.array(odd)),
      sources: maybe(fc.array(maybe(some({ url: maybe(words) })))),
    }),
  ),
});
const count = maybe(fc.constantFrom(0, 1, 100));
const response = some({
  id: maybe(words),
  object: fc.constant("response"),
  status: maybe(fc.constantFrom("completed", "incomplete", "failed", "cancelled")),
  output: maybe(fc.array(maybe(item), { maxLength: 4 })),
  error: odd,
  incomplete_details: maybe(some({ reason: maybe(fc.constantFrom("max_output_tokens", "content_filter")) })),
  usage: maybe(
    some({
      input_tokens: count,
      output_tokens: count,
      total_tokens: count,
      input_tokens_details: odd,
      cost: odd,
    }),
  ),
  tool_usage: odd,
});
const types = [
  ...[
    "created",
    "output_item.added",
    "output_item.done",
    "content_part.added",
    "content_part.done",
    "output_text.delta",
  ],
  ...[
    "output_text.done",
    "output_text.annotation.added",
    "refusal.delta",
    "refusal.done",
    "reasoning_text.delta",
  ],
  ...[
    "reasoning_text.done",
    "reasoning_summary_text.delta",
    "reasoning_summary_text.done",
    "reasoning_summary_part.done",
  ],
  ...["function_call_arguments.delta", "function_call_arguments.done", "other"],
].map((type) => `response.${type}`);
const place = maybe(fc.constantFrom(0, 1, 2));
const event = some({
  type: maybe(fc.constantFrom(...types)),
  output_index: place,
  content_index: place,
  summary_index: place,
  item_id: maybe(fc.constantFrom("i1", "i2")),
  item: maybe(item),
  part: maybe(part),
  delta: maybe(fc.oneof(words, json)),
  text: maybe(words),
  refusal: maybe(words),
  arguments: maybe(json),
  name: maybe(fc.constantFrom("Read", "Bash")),
  annotation: odd,
  response: maybe(response),
});
const last = some({
  type: fc.constantFrom("response.completed", "response.incomplete", "response.failed", "response.done"),
  response: maybe(response),
});

const anObject = z.record(z.string(), z.unknown());

property({
  name: "[24.2:unknown 4.1:order] any events become a legal stream, whatever their members are",
  area: "response-events",
  cases: fc.array(event, { maxLength: 12 }).chain((events) => last.map((end) => [...events, end])),
  shape: z.array(anObject),
  check: (events) => {
    const { sse } = translateEvents(asked, events);
    expect(findGrammarFaults(new TextEncoder().encode(sse))).toEqual([]);
  },
});

property({
  name: "[23.1:whole] any response becomes a legal message or an error",
  area: "responses",
  cases: response,
  shape: anObject,
  check: (body) => {
    const { sse, status } = translateWhole(asked, body);
    if (status === null) expect(findGrammarFaults(new TextEncoder().encode(sse))).toEqual([]);
  },
});
