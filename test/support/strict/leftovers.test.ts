import { test } from "bun:test";
import { assistant, expectCase, request, type StrictCase, tool, user, withTools } from "./strict-case.ts";

const mark = { cache_control: { type: "ephemeral" } };
const marked = { type: "text", text: "a", ...mark };

const leftoverCases: StrictCase[] = [
  {
    rule: "demands nothing of the Anthropic wire in messages",
    good: withTools(
      {},
      tool("a", { parameters: { type: "object", properties: { signature: {}, is_error: {} } } }),
    ),
    bad: request(user([{ type: "tool_result", tool_use_id: "a", is_error: true }])),
    says: [
      'messages[0].content[0].type "tool_result" is unknown',
      "messages[0].content[0].tool_use_id is a leftover",
      "messages[0].content[0].is_error is a leftover",
      'messages[0].content[0].type "tool_result" is a leftover',
    ],
  },
  {
    rule: "demands nothing of the Anthropic wire in tools",
    good: withTools(),
    bad: withTools({}, { ...tool("a"), input_schema: {} }),
    says: ["tools[0].input_schema is unknown", "tools[0].input_schema is a leftover"],
  },
  {
    rule: "demands signatures only inside reasoning details",
    family: "openrouter",
    good: request(user(), {
      ...assistant(),
      reasoning_details: [{ type: "reasoning.text", text: "t", signature: "s" }],
    }),
    bad: request(user(), { ...assistant(), signature: "s" }),
    says: ["messages[1].signature is unknown", "messages[1].signature is a leftover"],
  },
  {
    rule: "demands no cache marks",
    good: request(user([{ type: "text", text: "a" }])),
    bad: request(user([marked])),
    says: ["messages[0].content[0].cache_control is a leftover"],
  },
  {
    rule: "demands four cache marks",
    family: "openrouter",
    good: withTools({}, { ...tool("a"), ...mark }),
    bad: request(user([marked, marked, marked, marked, marked])),
    says: ["5 cache marks, at most 4"],
  },
  {
    rule: "demands cache marks on parts",
    family: "qwen",
    good: request(user([marked])),
    bad: {
      ...withTools({}, { ...tool("a"), ...mark }),
      messages: [user([{ ...marked, cache_control: { ttl: "1h" } }])],
    },
    says: ["a cache mark with ttl at .messages[0].content[0]", "a cache mark at .tools[0]"],
  },
];

test.each([...leftoverCases].map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
