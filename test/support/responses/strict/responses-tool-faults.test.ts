import { test } from "bun:test";
import { asked, expectRefusal, type RefusalCase, tool, withTools } from "./refusal-case.ts";

const schema = (more: object) => tool("Read", { parameters: { type: "object", properties: {}, ...more } });
const many = (count: number) => Array.from({ length: count }, (_, index) => tool(`t${index}`));
const search = (filters: object) => ({ type: "web_search", filters });

const cases: RefusalCase[] = [
  {
    rule: "a tool is flat",
    good: withTools(),
    bad: withTools(
      {},
      { type: "function", function: { name: "Read" }, strict: false, parameters: tool().parameters },
    ),
    says: ["Unknown parameter: 'tools[0].function'.", "Missing required parameter: 'tools[0].name'."],
  },
  {
    rule: "strict is always said",
    good: withTools(),
    bad: withTools({}, tool("Read", { strict: undefined })),
    says: ["A tool that does not say 'strict' is strict here."],
  },
  {
    rule: "a strict tool fits",
    family: "openai",
    good: withTools({}, schema({ required: [], additionalProperties: false }), tool("Bash")),
    bad: withTools({}, { ...schema({}), strict: true }),
    says: ["Invalid schema for function 'Read': …"],
    code: "invalid_function_parameters",
  },
  {
    rule: "strict is not known everywhere",
    family: "xai",
    good: withTools(),
    bad: withTools({}, { ...schema({ required: [], additionalProperties: false }), strict: true }),
    says: ["'strict' is not known here."],
  },
  ...["oneOf", "anyOf", "allOf", "enum", "not"].map(
    (key): RefusalCase => ({
      rule: `${key} at the top of a schema`,
      family: "openai",
      good: withTools({}, schema({ properties: { a: { [key]: [] } } })),
      bad: withTools({}, schema({ [key]: [] })),
      says: ["Invalid schema for function 'Read': schema must have type 'object' and not have 'oneOf'/…"],
    }),
  ),
  {
    rule: "xAI takes a combiner",
    family: "xai",
    good: withTools({}, schema({ anyOf: [] })),
    bad: withTools({}, tool("Read", { parameters: {} })),
    says: ["Invalid schema for function 'Read': …"],
  },
  {
    rule: "128 tools",
    family: "openai",
    good: withTools({}, ...many(128)),
    bad: withTools({}, ...many(129)),
    says: [
      "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
    ],
    code: "array_above_max_length",
  },
  {
    rule: "names of tools",
    good: withTools({}, tool("a-B_9")),
    bad: withTools({}, tool("a.b"), tool("c"), tool("c")),
    says: ["Invalid 'tools[0].name': string does not match pattern…", "Tool names must be unique: c."],
  },
  {
    rule: "types of tools",
    good: withTools(),
    bad: withTools({}, { type: "web_search" }),
    says: ["Invalid value: 'web_search'. Supported values are: 'function'."],
  },
  {
    rule: "OpenAI's search",
    family: "openai",
    good: withTools({}, search({ allowed_domains: ["bun.sh"] })),
    bad: withTools({}, search({ allowed_domains: [], excluded_domains: ["x"] })),
    says: [
      "Unknown parameter: 'tools[0].filters.excluded_domains'.",
      "Invalid type for 'tools[0].filters.allowed_domains'…",
    ],
  },
  {
    rule: "xAI's search",
    family: "xai",
    good: withTools({}, search({ excluded_domains: ["bun.sh"] })),
    bad: withTools(
      {},
      {
        ...search({ allowed_domains: ["1", "2", "3", "4", "5", "6"], excluded_domains: ["x"] }),
        user_location: {},
      },
    ),
    says: [
      "Unknown parameter: 'tools[0].user_location'.",
      "Invalid type for 'tools[0].filters.allowed_domains'…",
      "Only one of allowed_domains and excluded_domains can be set.",
    ],
  },
  {
    rule: "DeepSeek's search",
    family: "deepseek",
    good: withTools({}, { type: "web_search" }),
    bad: withTools({}, search({ allowed_domains: ["x"] })),
    says: ["Unknown parameter: 'tools[0].filters'."],
  },
  {
    rule: "the sources of a search are included by OpenAI alone",
    family: "xai",
    good: withTools({}, { type: "web_search" }),
    bad: withTools({ include: ["web_search_call.action.sources"] }, { type: "web_search" }),
    says: ["Invalid value: 'web_search_call.action.sources'…"],
  },
  {
    rule: "a choice is flat",
    good: withTools({ tool_choice: { type: "function", name: "Read" } }),
    bad: withTools({ tool_choice: { type: "function", function: { name: "Read" } } }),
    says: ["Missing required parameter: 'tool_choice.name'."],
    code: "missing_required_parameter",
  },
  {
    rule: "a choice names a tool",
    good: withTools({ tool_choice: "required" }),
    bad: withTools({ tool_choice: { type: "function", name: "Write" } }),
    says: ["Tool choice 'function' not found in 'tools' parameter: Write."],
  },
  {
    rule: "words of a choice",
    good: withTools({ tool_choice: "none" }),
    bad: withTools({ tool_choice: "any" }),
    says: ["Invalid value: 'any'. Supported values are: 'none', 'auto' and 'required'."],
  },
  {
    rule: "a choice of a search",
    family: "openai",
    good: withTools({ tool_choice: { type: "web_search" } }, { type: "web_search" }),
    bad: withTools({ tool_choice: { type: "web_search" } }),
    says: ["Tool choice 'web_search' not found in 'tools' parameter."],
  },
  ...(["llamacpp", "lmstudio"] as const).map(
    (family): RefusalCase => ({
      rule: `${family} takes words alone`,
      family,
      good: withTools({ tool_choice: "required", parallel_tool_calls: true }),
      bad: withTools({ tool_choice: { type: "function", name: "Read" }, parallel_tool_calls: true }),
      says: ["Invalid type for 'tool_choice'…"],
    }),
  ),
  {
    rule: "harmony models choose themselves",
    family: "vllm",
    good: withTools({ model: "openai/gpt-oss-20b", tool_choice: "auto" }),
    bad: withTools({ model: "openai/gpt-oss-20b", tool_choice: "required" }),
    says: ["Only 'auto' or 'none' tool_choice is supported in response API with Harmony"],
  },
  {
    rule: "a choice without tools",
    good: withTools({ tool_choice: "auto" }),
    bad: asked({ tool_choice: "auto", parallel_tool_calls: false }),
    says: [
      "'tool_choice' is only allowed when 'tools' are specified.",
      "'parallel_tool_calls' is only allowed when 'tools' are specified.",
    ],
  },
  {
    rule: "llama.cpp makes one call at a time unless it is told",
    family: "llamacpp",
    good: withTools({ parallel_tool_calls: false }),
    bad: withTools(),
    says: ["Calls come one at a time here unless the request says otherwise."],
  },
  {
    rule: "parallel_tool_calls is a boolean",
    good: withTools({ parallel_tool_calls: true }),
    bad: withTools({ parallel_tool_calls: "no" }),
    says: ["Invalid type for 'parallel_tool_calls'…"],
  },
  {
    rule: "tools are a list",
    good: withTools(),
    bad: asked({ tools: [] }),
    says: ["Invalid type for 'tools'…"],
  },
];

test.each(cases)("$rule", expectRefusal);
