import { test } from "bun:test";
import { expectCase, request, type StrictCase, tool, user, withTools } from "./strict-case.ts";

const closed = {
  type: "object",
  properties: { a: { type: "string" } },
  required: ["a"],
  additionalProperties: false,
};

const toolCases: StrictCase[] = [
  {
    rule: "demands tools that are a list",
    good: withTools(),
    bad: { ...request(user()), tools: [] },
    says: ["tools must be a list with at least one entry"],
  },
  {
    rule: "demands nothing about tools without tools",
    good: request(user()),
    bad: { ...request(user()), tool_choice: "auto", parallel_tool_calls: false },
    says: ["tool_choice without tools", "parallel_tool_calls without tools"],
  },
  {
    rule: "demands the form of a tool",
    good: withTools({}, tool("a-b_C1")),
    bad: withTools(
      {},
      { ...tool("a".repeat(65), { description: null, input: 1 }), type: "custom", name: "x" },
    ),
    says: [
      'tools[0].type must be "function"',
      "tools[0].name is unknown",
      "tools[0].function.input is unknown",
      `tools[0].function.name "${"a".repeat(65)}" is invalid`,
      "tools[0].function.description must be a string",
    ],
  },
  {
    rule: "demands the schema of a tool",
    good: withTools({}, { type: "function", function: { name: "a" } }),
    bad: withTools(
      {},
      tool("a", { parameters: [] }),
      tool("b", { parameters: {} }),
      tool("c", { parameters: { type: "object" } }),
    ),
    says: [
      "tools[0].function.parameters must be an object",
      'tools[1].function.parameters.type must be "object"',
      "tools[2].function.parameters.properties is missing",
    ],
  },
  {
    rule: "demands names that are used once",
    good: withTools({}, tool("a"), tool("b")),
    bad: withTools({}, tool("a"), tool("a")),
    says: ["two tools named a"],
  },
  {
    rule: "demands 128 tools",
    family: "openai",
    good: withTools({}, ...Array.from({ length: 128 }, (_, index) => tool(`t${index}`))),
    bad: withTools({}, ...Array.from({ length: 129 }, (_, index) => tool(`t${index}`))),
    says: ["129 tools, at most 128"],
  },
  {
    rule: "demands names without a leading digit",
    family: "kimi",
    good: withTools({}, tool("t_1")),
    bad: withTools({}, tool("1t")),
    says: ["tools[0].function.name starts with a digit"],
  },
  {
    rule: "demands strict schemas",
    good: withTools({}, tool("a", { strict: true, parameters: closed })),
    bad: withTools({}, tool("a", { strict: true, parameters: { ...closed, properties: { a: {}, b: {} } } })),
    says: ["tools[0].function.parameters is no schema for strict"],
  },
  {
    rule: "demands strict only where it is known",
    family: "glm",
    good: withTools({}, tool("a", { parameters: closed })),
    bad: withTools({}, tool("a", { strict: true, parameters: closed })),
    says: ["tools[0].function.strict is unknown"],
  },
  {
    rule: "demands tools of OpenRouter's own",
    family: "openrouter",
    good: withTools({}, { type: "openrouter:web_search", parameters: {} }),
    bad: withTools({}, { type: "web_search_20250305", name: "web_search" }),
    says: [
      'tools[0].type must be "function"',
      "tools[0].name is unknown",
      'tools[0].function.name "undefined" is invalid',
    ],
  },
  {
    rule: "demands a choice of the tools there are",
    good: withTools({
      tool_choice: { type: "function", function: { name: "Read" } },
      parallel_tool_calls: false,
    }),
    bad: withTools({ tool_choice: { type: "tool", function: { name: "Write" } }, parallel_tool_calls: 1 }),
    says: ["parallel_tool_calls must be a boolean", "tool_choice names no tool: Write"],
  },
  {
    rule: "demands a word for a choice",
    good: withTools({ tool_choice: "required" }),
    bad: withTools({ tool_choice: "any" }),
    says: ['tool_choice "any" is unknown'],
  },
  {
    rule: "demands words only for a choice",
    family: "llamacpp",
    good: withTools({ tool_choice: "required" }),
    bad: withTools({ tool_choice: { type: "function", function: { name: "Read" } } }),
    says: ["tool_choice must be one of auto, none, required"],
  },
  {
    rule: "demands no forced choice while thinking",
    family: "deepseek",
    good: withTools({ tool_choice: "required", thinking: { type: "disabled" } }),
    bad: withTools({ tool_choice: "required" }),
    says: ["Thinking mode does not support this tool_choice"],
  },
];

test.each([...toolCases].map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
