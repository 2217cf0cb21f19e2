import { test } from "bun:test";
import { assistant, call, calls, expectCase, result, round, type StrictCase, user } from "./strict-case.ts";

const callCases: StrictCase[] = [
  {
    rule: "demands calls that are a list",
    good: round(calls(call("a")), result("a")),
    bad: round({ ...assistant(), tool_calls: [] }),
    says: ["messages[1].tool_calls must be a list"],
  },
  {
    rule: "demands the form of a call",
    good: round(calls(call("a")), result("a")),
    bad: round(
      calls({ id: "", type: "tool", function: { name: "a b", arguments: "[]", x: 1 }, index: 0 }),
      result(""),
    ),
    says: [
      "messages[1].tool_calls[0].index is unknown",
      "messages[1].tool_calls[0].id is missing",
      'messages[1].tool_calls[0].type must be "function"',
      "messages[1].tool_calls[0].function.x is unknown",
      'messages[1].tool_calls[0].function.name "a b" is invalid',
      "messages[1].tool_calls[0].function.arguments must be JSON of an object",
    ],
  },
  {
    rule: "demands arguments that are JSON",
    good: round(calls(call("a", "Read", '{"a":1}')), result("a")),
    bad: round(calls(call("a", "Read", '{"a":')), result("a")),
    says: ["messages[1].tool_calls[0].function.arguments must be JSON of an object"],
  },
  {
    rule: "demands ids of nine characters",
    family: "mistral",
    good: round(calls(call("abcdefghi")), result("abcdefghi")),
    bad: round(calls(call("call_1")), result("call_1")),
    says: ['messages[1].tool_calls[0].id "call_1" has the wrong form'],
  },
  {
    rule: "demands ids of nine characters behind OpenRouter",
    family: "openrouter",
    good: { ...round(calls(call("abcdefghi")), result("abcdefghi")), model: "mistralai/large" },
    bad: { ...round(calls(call("call_1")), result("call_1")), model: "mistralai/large" },
    says: ["Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9."],
  },
  {
    rule: "demands ids of 40 characters",
    family: "openai",
    good: round(calls(call("a".repeat(40))), result("a".repeat(40))),
    bad: round(calls(call("a".repeat(41))), result("a".repeat(41))),
    says: [`messages[1].tool_calls[0].id "${"a".repeat(41)}" has the wrong form`],
  },
  {
    rule: "demands a result for every call",
    good: round(calls(call("a"), call("b")), result("a"), result("b")),
    bad: round(calls(call("a"), call("b")), result("b"), user()),
    says: ["messages[2]: result for b out of order", "messages[3]: the result for a is missing"],
  },
  {
    rule: "demands a result at the end",
    good: round(calls(call("a")), result("a")),
    bad: round(calls(call("a"))),
    says: ["the result for a is missing"],
  },
  {
    rule: "demands a result only for the calls before it",
    good: round(calls(call("a")), result("a"), user()),
    bad: round(calls(call("a")), result("a"), result("a"), user(), assistant(), result("b")),
    says: [
      "messages[3]: result for a, which no call before it has",
      "messages[6]: result for b, which no call before it has",
    ],
  },
  {
    rule: "demands ids that are used once",
    good: round(calls(call("a")), result("a"), calls(call("b")), result("b")),
    bad: round(calls(call("a")), result("a"), calls(call("a")), result("a")),
    says: ["messages[3]: the id a was used before"],
  },
  {
    rule: "demands the content of a result",
    good: round(calls(call("a")), result("a", "ok")),
    bad: round(calls(call("a"), call("b")), result("a", ""), {
      ...result("b", [{ type: "text", text: "x" }]),
      name: "Read",
    }),
    says: [
      "messages[2].content is empty",
      "messages[3].name is unknown",
      "messages[3].content must be a string",
    ],
  },
  {
    rule: "demands text parts in a result",
    family: "openai",
    good: round(calls(call("a")), result("a", [{ type: "text", text: "x" }])),
    bad: round(calls(call("a")), result("a", [{ type: "image_url", image_url: { url: "https://x" } }])),
    says: ['messages[2].content[0].type must be "text"'],
  },
  {
    rule: "demands an answer between a result and the user",
    family: "mistral",
    good: round(calls(call("abcdefghi")), result("abcdefghi"), assistant("OK."), user()),
    bad: round(calls(call("abcdefghi")), result("abcdefghi"), user()),
    says: ["messages[3]: Unexpected role 'user' after role 'tool'"],
  },
];

test.each([...callCases].map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
