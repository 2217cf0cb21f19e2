import { test } from "bun:test";
import { asked, expectRefusal, type RefusalCase, request, user } from "./refusal-case.ts";

const format = (more: object, name = "json_schema") => ({
  text: { format: { type: name, name: "output", schema: { type: "object" }, ...more } },
});

const never = [
  ["previous_response_id", "resp_1"],
  ["conversation", "conv_1"],
  ["prompt", { id: "p" }],
  ["background", true],
  ["truncation", "auto"],
  ["context_management", []],
  ["metadata", {}],
  ["user", "me"],
] as const;

const moved = [
  ["messages", [], "input"],
  ["max_tokens", 100, "max_output_tokens"],
  ["max_completion_tokens", 100, "max_output_tokens"],
  ["response_format", { type: "json_object" }, "text.format"],
  ["reasoning_effort", "low", "reasoning.effort"],
  ["verbosity", "low", "text.verbosity"],
] as const;

const cases: RefusalCase[] = [
  ...never.map(
    ([key, value]): RefusalCase => ({
      rule: `${key} is never sent`,
      family: "openai",
      good: asked(),
      bad: asked({ [key]: value }),
      says: [`'${key}' must not be sent.`],
    }),
  ),
  ...moved.map(
    ([key, value, target]): RefusalCase => ({
      rule: `${key} has another name here`,
      family: "openai",
      good: asked(),
      bad: asked({ [key]: value }),
      says: [
        `Unsupported parameter: '${key}'. In the Responses API, this parameter has moved to '${target}'.`,
      ],
      code: "unsupported_parameter",
    }),
  ),
  ...["stop", "seed", "n", "top_k", "presence_penalty", "logit_bias"].map(
    (key): RefusalCase => ({
      rule: `${key} does not exist`,
      family: "openai",
      good: asked(),
      bad: asked({ [key]: 1 }),
      says: [`Unknown parameter: '${key}'.`],
      code: "unknown_parameter",
    }),
  ),
  {
    rule: "store is false",
    good: asked(),
    bad: asked({ store: true }),
    says: ["'store' must be false…"],
  },
  {
    rule: "store is there",
    good: asked(),
    bad: { model: "m", input: [user()] },
    says: ["'store' must be false…"],
  },
  { rule: "a body is an object", good: asked(), bad: [], says: ["Invalid type for 'body'…"] },
  {
    rule: "a model",
    good: asked(),
    bad: asked({ model: "" }),
    says: ["Missing required parameter: 'model'."],
  },
  {
    rule: "input is a list",
    good: asked(),
    bad: asked({ input: "hi" }),
    says: ["Invalid type for 'input'…"],
  },
  { rule: "input has an item", good: asked(), bad: request(), says: ["Invalid type for 'input'…"] },
  {
    rule: "instructions are a text",
    good: asked({ instructions: "S" }),
    bad: asked({ instructions: "" }),
    says: ["Invalid type for 'instructions'…"],
  },
  {
    rule: "16 tokens of output at least",
    good: asked({ max_output_tokens: 16 }),
    bad: asked({ max_output_tokens: 5 }),
    says: [
      "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
    ],
    code: "integer_below_min_value",
  },
  {
    rule: "temperature",
    good: asked({ temperature: 2 }),
    bad: asked({ temperature: 2.1 }),
    says: ["Invalid type for 'temperature'…"],
  },
  {
    rule: "top_p",
    good: asked({ top_p: 1 }),
    bad: asked({ top_p: 1.1 }),
    says: ["Invalid type for 'top_p'…"],
  },
  {
    rule: "a cache key of 64 characters",
    family: "openai",
    good: asked({ prompt_cache_key: "k".repeat(64) }),
    bad: asked({ prompt_cache_key: "k".repeat(65) }),
    says: ["Invalid 'prompt_cache_key': string too long…maximum length 64…length 65 instead."],
    code: "string_above_max_length",
  },
  {
    rule: "xAI knows no service_tier",
    family: "xai",
    good: asked(),
    bad: asked({ service_tier: "flex" }),
    says: ["Unknown parameter: 'service_tier'."],
  },
  {
    rule: "stream_options without a stream",
    family: "openai",
    good: asked({ stream: true, stream_options: { include_obfuscation: false } }),
    bad: asked({ stream_options: { include_obfuscation: false } }),
    says: ["The 'stream_options' parameter is only allowed when 'stream' is enabled."],
  },
  {
    rule: "padding is declined",
    family: "azure",
    good: asked({ stream: true, stream_options: { include_obfuscation: false } }),
    bad: asked({ stream: true }),
    says: ["Every delta would have padding."],
  },
  {
    rule: "include_usage belongs to the other wire",
    family: "openai",
    good: asked({ stream: true, stream_options: { include_obfuscation: false } }),
    bad: asked({ stream: true, stream_options: { include_usage: true } }),
    says: ["Unknown parameter: 'stream_options.include_usage'."],
  },
  {
    rule: "stream_options belong to OpenAI",
    family: "xai",
    good: asked({ stream: true }),
    bad: asked({ stream: true, stream_options: { include_obfuscation: false } }),
    says: ["Unknown parameter: 'stream_options'."],
  },
  ...(["openai", "azure", "xai", "openrouter"] as const).map(
    (family): RefusalCase => ({
      rule: `include for ${family}`,
      family,
      good: asked({ include: ["reasoning.encrypted_content"] }),
      bad: asked({ include: ["reasoning.text"] }),
      says: ["Invalid value: 'reasoning.text'. Supported values are: 'reasoning.encrypted_content'…"],
      code: "invalid_value",
    }),
  ),
  ...(["vllm", "ollama", "llamacpp", "lmstudio", "deepseek"] as const).map(
    (family): RefusalCase => ({
      rule: `no include for ${family}`,
      family,
      good: asked(),
      bad: asked({ include: ["reasoning.encrypted_content"] }),
      says: ["Invalid value: 'reasoning.encrypted_content'…"],
    }),
  ),
  {
    rule: "a format is flat",
    family: "openai",
    good: asked(format({})),
    bad: asked({ text: { format: { type: "json_schema", json_schema: { name: "o", schema: {} } } } }),
    says: [
      "Unknown parameter: 'text.format.json_schema'.",
      "Missing required parameter: 'text.format.name'.",
      "Missing required parameter: 'text.format.schema'.",
    ],
  },
  {
    rule: "a strict format fits",
    family: "openai",
    good: asked(
      format({
        strict: true,
        schema: { type: "object", properties: {}, required: [], additionalProperties: false },
      }),
    ),
    bad: asked(format({ strict: true })),
    says: ["Invalid schema for response_format 'output'."],
    code: "invalid_json_schema",
  },
  {
    rule: "JSON mode wants its word outside of the instructions",
    family: "openai",
    good: asked({ text: { format: { type: "json_object" } }, input: [user("as JSON")] }),
    bad: asked({ text: { format: { type: "json_object" } }, instructions: "as JSON" }),
    says: ["Response input messages must contain the word 'json'…"],
  },
  {
    rule: "verbosity is not asked for",
    family: "openai",
    good: asked(format({})),
    bad: asked({ text: { ...format({}).text, verbosity: "low" } }),
    says: ["Unknown parameter: 'text.verbosity'."],
  },
  {
    rule: "llama.cpp reads no format",
    family: "llamacpp",
    good: asked(),
    bad: asked(format({})),
    says: ["'text.format' is not read."],
  },
];

test.each(cases)("$rule", expectRefusal);
