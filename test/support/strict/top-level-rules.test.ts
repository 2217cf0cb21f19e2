import { test } from "bun:test";
import { expectCase, request, type StrictCase, user, withTools } from "./strict-case.ts";

const format = { type: "json_schema", json_schema: { name: "output", schema: {} } };

const topLevelCases: StrictCase[] = [
  {
    rule: "demands known members of the request",
    good: { ...request(user()), max_tokens: 5, seed: 1 },
    bad: {
      ...request(user()),
      model: "",
      metadata: {},
      context_management: {},
      thinking: {},
      stop_sequences: [],
    },
    says: [
      "metadata is unknown",
      "context_management is unknown",
      "thinking is unknown",
      "stop_sequences is unknown",
      "model is missing",
    ],
  },
  {
    rule: "demands an output limit",
    family: "vllm",
    good: { ...request(user()), max_completion_tokens: 1 },
    bad: { ...request(user()), max_tokens: 0, max_completion_tokens: 1.5 },
    says: [
      "max_tokens must be positive",
      "max_completion_tokens must be positive",
      "max_tokens beside max_completion_tokens",
    ],
  },
  {
    rule: "demands sampling within its range",
    good: { ...request(user()), temperature: 2, top_p: 0 },
    bad: { ...request(user()), temperature: 2.1, top_p: "1" },
    says: ["temperature is out of range", "top_p is out of range"],
  },
  {
    rule: "demands MiniMax's temperature",
    family: "minimax",
    good: { ...request(user()), temperature: 0.01 },
    bad: { ...request(user()), temperature: 0 },
    says: ["temperature is out of range"],
  },
  {
    rule: "demands stop sequences",
    good: { ...request(user()), stop: ["a", "b", "c", "d"] },
    bad: { ...request(user()), stop: ["a", "b", "c", "d", "e"] },
    says: ["5 stop sequences, at most 4"],
  },
  {
    rule: "demands stop sequences with text",
    good: { ...request(user()), stop: ["\na"] },
    bad: { ...request(user()), stop: ["\n"] },
    says: ["stop has an empty entry"],
  },
  {
    rule: "demands one stop sequence",
    family: "glm",
    good: { ...request(user()), stop: ["a"] },
    bad: { ...request(user()), stop: ["a", "b"] },
    says: ["2 stop sequences, at most 1"],
  },
  {
    rule: "demands a list of stop sequences",
    good: request(user()),
    bad: { ...request(user()), stop: [] },
    says: ["stop must be a list with at least one entry"],
  },
  {
    rule: "demands stream options only for streams",
    good: { ...request(user()), stream: true, stream_options: { include_usage: true } },
    bad: { ...request(user()), stream: "yes", stream_options: { include_usage: true } },
    says: ["stream must be a boolean", "stream_options without stream"],
  },
  {
    rule: "demands no stream options at Mistral",
    family: "mistral",
    good: { ...request(user()), stream: true },
    bad: { ...request(user()), stream: true, stream_options: { include_usage: true } },
    says: ["stream_options: Extra inputs are not permitted"],
  },
  {
    rule: "demands response formats",
    good: { ...request(user()), response_format: format },
    bad: { ...request(user()), response_format: { type: "json_schema", json_schema: { schema: {} } } },
    says: ["response_format.json_schema needs a name and a schema"],
  },
  {
    rule: "demands known response formats",
    family: "deepseek",
    good: { ...request(user()), response_format: { type: "json_object" } },
    bad: { ...request(user()), response_format: format },
    says: ['response_format "json_schema" is unknown'],
  },
  {
    rule: "demands types of response formats",
    good: { ...request(user()), response_format: { type: "text" } },
    bad: { ...request(user()), response_format: { type: "json" } },
    says: ["response_format.type is unknown"],
  },
  {
    rule: "demands no response format beside tools",
    family: "groq",
    good: { ...request(user()), response_format: format },
    bad: withTools({ response_format: format }),
    says: ["response_format beside tools"],
  },
];

test.each([...topLevelCases].map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
