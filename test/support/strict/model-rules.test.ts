import { test } from "bun:test";
import {
  assistant,
  call,
  calls,
  expectCase,
  request,
  result,
  type StrictCase,
  user,
  withTools,
} from "./strict-case.ts";

const gpt = { model: "gpt-5.6" };
const signed = { ...call("a"), extra_content: { google: { thought_signature: "s" } } };
const thinkingCall = { ...calls(call("a")), reasoning_content: " " };

const modelCases: StrictCase[] = [
  {
    rule: "demands the limit of GPT-5",
    family: "openai",
    good: { ...request(user()), ...gpt, max_completion_tokens: 9 },
    bad: { ...request(user()), ...gpt, max_tokens: 9, stop: ["a"] },
    says: [
      "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "'stop' is not supported with this model",
    ],
  },
  {
    rule: "demands tools with an effort",
    family: "openai",
    good: withTools({ ...gpt, reasoning_effort: "none" }),
    bad: withTools(gpt),
    says: ["Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions"],
  },
  {
    rule: "demands Kimi's fixed sampling",
    family: "kimi",
    good: { ...request(user()), model: "kimi-k3" },
    bad: { ...request(user()), model: "kimi-k3", temperature: 1, top_p: 1, thinking: { type: "enabled" } },
    says: [
      "invalid temperature: only 1 is allowed for this model",
      "invalid top_p for this model",
      "thinking is unknown to this model",
    ],
  },
  {
    rule: "demands Gemini's signature on the first call",
    family: "gemini",
    good: { ...request(user(), calls(signed, call("b")), result("a"), result("b")), model: "gemini-3-pro" },
    bad: { ...request(user(), calls(call("a")), result("a")), model: "gemini-3-pro" },
    says: ["messages[1]: Function call is missing a thought_signature in functionCall parts."],
  },
  {
    rule: "demands words for an effort",
    family: "xai",
    good: { ...request(user()), reasoning_effort: "low" },
    bad: { ...request(user()), reasoning_effort: "max" },
    says: ['reasoning_effort "max" is unknown'],
  },
  {
    rule: "demands an effort or a budget",
    family: "openrouter",
    good: { ...request(user()), reasoning: { max_tokens: 9 } },
    bad: { ...request(user()), reasoning: { max_tokens: 9, effort: "low" } },
    says: ["reasoning.effort beside reasoning.max_tokens"],
  },
  {
    rule: "demands reasoning on every answer",
    family: "deepseek",
    good: request(user(), { ...assistant(), reasoning_content: " " }),
    bad: request(user(), assistant()),
    says: ["messages[1]: reasoning_content in the thinking mode must be passed back"],
  },
  {
    rule: "demands reasoning on answers with calls",
    family: "kimi",
    good: request(user(), assistant(), user(), thinkingCall, result("a")),
    bad: request(user(), { ...thinkingCall, reasoning_content: "" }, result("a")),
    says: ["messages[1]: reasoning_content in the thinking mode must be passed back"],
  },
];

test.each([...modelCases].map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
