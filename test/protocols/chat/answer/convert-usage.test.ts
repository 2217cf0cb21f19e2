import { describe, expect, test } from "bun:test";
import { convertUsage, findUsage } from "../../../../src/protocols/chat/answer/convert-usage.ts";
import { buildUsage, type UpstreamUsage } from "../../../../src/translate/answer/usage.ts";

const plain: UpstreamUsage = {
  promptTokens: 100,
  completionTokens: 10,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  thinkingTokens: null,
  webSearchRequests: null,
  costUsd: null,
};
const prompt = { prompt_tokens: 100, completion_tokens: 10 };

describe("where usage is", () => {
  const usage = { prompt_tokens: 1 };
  test.each([
    ["in the chunk", { choices: [], usage }, usage],
    ["at the choice (Moonshot)", { choices: [{ index: 0, usage }] }, usage],
    ["under x_groq", { choices: [{ index: 0 }], x_groq: { id: "r", usage } }, usage],
    ["in the chunk before the choice", { usage, choices: [{ usage: { prompt_tokens: 2 } }] }, usage],
    ["nowhere", { choices: [{ index: 0, delta: {} }] }, null],
    ["null everywhere", { usage: null, choices: [{ usage: null }], x_groq: null }, null],
    ["in members of other types", { usage: 7, choices: "none", x_groq: [] }, null],
  ])("[3.4:places] %s", (_name, chunk, expected) => {
    expect(findUsage(chunk)).toEqual(expected);
  });
});

describe("what usage says", () => {
  const cases: [string, unknown, UpstreamUsage | null][] = [
    ["[3.4:input] prompt and completion", prompt, plain],
    [
      "[3.4:read 3.4:write 3.4:thinking E14] OpenAI's details, and OpenRouter's writes",
      {
        prompt_tokens: 1000,
        completion_tokens: 50,
        prompt_tokens_details: { cached_tokens: 700, cache_write_tokens: 200 },
        completion_tokens_details: { reasoning_tokens: 30 },
      },
      {
        ...plain,
        promptTokens: 1000,
        completionTokens: 50,
        cacheReadTokens: 700,
        cacheWriteTokens: 200,
        thinkingTokens: 30,
      },
    ],
    [
      "[3.4:read] DeepSeek's hits",
      { ...prompt, prompt_cache_hit_tokens: 60, prompt_cache_miss_tokens: 40 },
      { ...plain, cacheReadTokens: 60 },
    ],
    [
      "[3.4:read] Moonshot's cached tokens",
      { ...prompt, cached_tokens: 61 },
      { ...plain, cacheReadTokens: 61 },
    ],
    [
      "[3.4:read] Mistral's cached tokens",
      { ...prompt, num_cached_tokens: 62 },
      { ...plain, cacheReadTokens: 62 },
    ],
    [
      "[3.4:read] Mistral's other details",
      { ...prompt, prompt_token_details: { cached_tokens: 63 } },
      { ...plain, cacheReadTokens: 63 },
    ],
    [
      "[3.4:read] the details before DeepSeek's hits",
      { ...prompt, prompt_tokens_details: { cached_tokens: 5 }, prompt_cache_hit_tokens: 60 },
      { ...plain, cacheReadTokens: 5 },
    ],
    [
      "[3.4:write] Qwen's cache creation",
      {
        ...prompt,
        prompt_tokens_details: {
          cached_tokens: 10,
          cache_creation_input_tokens: 20,
          cache_type: "ephemeral",
        },
      },
      { ...plain, cacheReadTokens: 10, cacheWriteTokens: 20 },
    ],
    [
      "[3.4:read] more cached than there is (xAI)",
      { ...prompt, prompt_tokens_details: { cached_tokens: 130 } },
      { ...plain, cacheReadTokens: 100 },
    ],
    [
      "[3.4:write] read and written add up to no more than the prompt",
      { ...prompt, prompt_tokens_details: { cached_tokens: 70, cache_write_tokens: 70 } },
      { ...plain, cacheReadTokens: 70, cacheWriteTokens: 30 },
    ],
    [
      "[3.4:output] xAI leaves thinking out of the completion",
      { ...prompt, total_tokens: 150, completion_tokens_details: { reasoning_tokens: 40 } },
      { ...plain, completionTokens: 50, thinkingTokens: 40 },
    ],
    [
      "[3.4:output] others count thinking in",
      {
        ...prompt,
        completion_tokens: 50,
        total_tokens: 150,
        completion_tokens_details: { reasoning_tokens: 40 },
      },
      { ...plain, completionTokens: 50, thinkingTokens: 40 },
    ],
    [
      "[3.4:searches] web searches",
      { ...prompt, server_tool_use_details: { web_search_requests: 2 } },
      { ...plain, webSearchRequests: 2 },
    ],
    ["[3.4:cost] the cost", { ...prompt, cost: 0.00125 }, { ...plain, costUsd: 0.00125 }],
    [
      "[3.4:cost] with the user's own key at OpenRouter the cost is its fee, and the vendor's bill comes on top",
      { ...prompt, cost: 0.5, is_byok: true, cost_details: { upstream_inference_cost: 1.25 } },
      { ...plain, costUsd: 1.75 },
    ],
    [
      "[3.4:cost] of which nothing is known without that bill",
      { ...prompt, cost: 0, is_byok: true, cost_details: { upstream_inference_cost: null } },
      plain,
    ],
    [
      "[3.4:cost] with OpenRouter's own keys both are the same money",
      { ...prompt, cost: 0.5, is_byok: false, cost_details: { upstream_inference_cost: 0.5 } },
      { ...plain, costUsd: 0.5 },
    ],
    ["numbers in strings", { prompt_tokens: "100", completion_tokens: "10" }, plain],
    ["fractions are rounded", { prompt_tokens: 99.6, completion_tokens: 10.4 }, plain],
    ["[F15] a number beyond all counts is none", { prompt_tokens: 1e308, completion_tokens: 1e308 }, null],
    [
      "[F15] so is the next one after the largest",
      { prompt_tokens: 100, completion_tokens: 2 ** 53 },
      { ...plain, completionTokens: 0 },
    ],
    [
      "[F15] the largest count",
      { prompt_tokens: 100, completion_tokens: 2 ** 53 - 1 },
      { ...plain, completionTokens: 2 ** 53 - 1 },
    ],
    ...["1e5", "0x10", " 5 ", "", "-5", "10.4", "Infinity", "9".repeat(400)].map(
      (text): [string, unknown, UpstreamUsage | null] => [
        `[F15] ${JSON.stringify(text.slice(0, 10))} counts as absent`,
        { prompt_tokens: 100, completion_tokens: text, cached_tokens: text, total_tokens: text },
        { ...plain, completionTokens: 0 },
      ],
    ),
    ["[F15] a negative cost is none", { ...prompt, cost: -1 }, plain],
    ["[F15] so is one of another type", { ...prompt, cost: { valueOf: 1 } }, plain],
    ["nothing is negative", { prompt_tokens: 100, completion_tokens: -1 }, { ...plain, completionTokens: 0 }],
    [
      "what is no number counts as absent",
      { prompt_tokens: 100, completion_tokens: null, cached_tokens: "many" },
      { ...plain, completionTokens: 0 },
    ],
    ["[3.4:output] a completion alone", { completion_tokens: 10 }, { ...plain, promptTokens: 0 }],
    ["[3.4:estimated] neither prompt nor completion", { total_tokens: 3 }, null],
    ["[3.4:estimated] an empty object", {}, null],
    ["[3.4:estimated] no object", "100", null],
  ];
  test.each(cases)("%s", (_name, usage, expected) => {
    expect(convertUsage(usage)).toEqual(expected);
  });
});

describe("what the client is told", () => {
  test("[3.4:input 3.4:tier E14] input, read and written add up to the prompt", () => {
    const usage = {
      ...plain,
      promptTokens: 1000,
      completionTokens: 50,
      cacheReadTokens: 700,
      cacheWriteTokens: 200,
    };
    expect(buildUsage({ ...usage, thinkingTokens: 30, webSearchRequests: 1 })).toEqual({
      input_tokens: 100,
      cache_creation_input_tokens: 200,
      cache_read_input_tokens: 700,
      cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 0 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
      server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
      service_tier: "standard",
    });
  });

  test("[3.4:thinking] what the upstream did not say is null", () => {
    expect(buildUsage({ ...plain, costUsd: 1 })).toEqual({
      input_tokens: 100,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: 10,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: "standard",
    });
  });
});
