import { describe, expect, test } from "bun:test";
import {
  type ContextOverflow,
  findContextOverflow,
} from "../../../src/translate/failures/context-overflow.ts";
import { readErrorBody } from "../../../src/translate/failures/error-facts.ts";

const find = (message: string, members: object = {}): ContextOverflow | null =>
  findContextOverflow(readErrorBody({ error: { message, ...members } }));

const unknown = { inputTokens: null, maxTokens: null, limit: null };

describe("a text that tells of an overflow", () => {
  test.each([
    "maximum context length reached",
    "the model's context length",
    "outside the context window",
    "request exceeds the available context size",
    "The input is longer than the model's context length",
    "The prompt is longer than the maximum model length",
    "Prompt is too long",
    "Input is too long for requested model",
    "the input token count exceeds what is allowed",
    "it exceeds the maximum number of tokens",
    "code model_max_prompt_tokens_exceeded",
    "too many tokens in the prompt",
    "beyond the maximum prompt length",
    "Range of input length should be less",
    "exceeded model token limit",
    "Prompt exceeds max length",
    "Please reduce the length of the messages",
    "but model only supports up to less",
    "over the context limit",
    "beyond the maximum allowed length",
    "to keep the first tokens when context the overflows",
    "the model is loaded with context length of only a little",
    "Context size has been exceeded",
    "The number of tokens to keep from the initial prompt is greater than the context",
    "Reached context length",
    "context window exceeds limit",
    "the token count exceeds the model's maximum",
    "prompt tokens exceeds the limit of this model",
    "over the configured limit of tokens",
    "litellm.ContextWindowExceededError: too much",
    "capability_rejected: prompt_too_long",
    "input length exceeds maximum context",
    "Input token length too long",
    "Tokens in request more than max tokens allowed",
    "The context exceeds your deployment's",
    "Request too large: more tokens than fit",
  ])("[5.3:recognised] %s", (message) => {
    expect(find(message)).toEqual(unknown);
  });

  test("[5.3:recognised] or a code that does", () => {
    expect(find("no", { code: "context_length_exceeded" })).toEqual(unknown);
    expect(find("no", { metadata: { error_type: "token_limit_exceeded" } })).toEqual(unknown);
  });
});

describe("a text that tells of something else", () => {
  test.each([
    "Invalid id: string too long. Expected a string with maximum length 40 in this context window",
    "Rate limit: reduce the length of the messages",
    "on tokens per minute (TPM), reduce the length of the messages",
    "max_tokens is too large for this context window",
    "total message size 5 exceeds limit 6",
    "Request too large for model m on tokens per minute (TPM): Limit 6000",
    "Request too large: pictures",
    "exceeds the limit of images",
    "over the configured limit of requests",
    "invalid request",
  ])("[5.3:recognised] %s", (message) => {
    expect(find(message)).toBeNull();
  });
});

describe("the numbers of an overflow", () => {
  const cases: [string, number | null, number | null, number | null][] = [
    [
      "This model's maximum context length is 100 tokens. However, you requested 120 tokens (90 in the messages, 30 in the completion).",
      90,
      30,
      100,
    ],
    [
      "This model's maximum context length is 100 tokens. However, you requested 125 tokens (90 in the messages, 5 in the functions, and 30 in the completion).",
      95,
      30,
      100,
    ],
    [
      "This endpoint's maximum context length is 100 tokens. However, you requested about 125 tokens (90 of text input, 5 of tool input, 30 in the output).",
      95,
      30,
      100,
    ],
    [
      "This model's maximum context length is 100 tokens. However, your messages resulted in 120 tokens.",
      120,
      null,
      100,
    ],
    [
      "Input tokens exceed the configured limit of 100 tokens. Your messages resulted in 120 tokens.",
      120,
      null,
      100,
    ],
    [
      "This model's maximum context length is 100 tokens. However, you requested 30 output tokens and your prompt contains 90 input tokens, for a total of 120",
      90,
      30,
      100,
    ],
    [
      "This model's maximum context length is 100 tokens. However, you requested 30 output tokens and your prompt contains at least 90 input tokens",
      90,
      30,
      100,
    ],
    [
      "You passed 90 input tokens and requested 30 output tokens. However, the model's context length is only 100 tokens",
      90,
      30,
      100,
    ],
    [
      "'max_tokens' or 'max_completion_tokens' is too large: 30. This model's maximum context length is 100 tokens and your request has 90 input tokens",
      90,
      30,
      100,
    ],
    ["The decoder prompt (length 120) is longer than the maximum model length of 100.", 120, null, 100],
    [
      "Requested token count exceeds the model's maximum context length of 100 tokens. You requested a total of 120 tokens: 90 tokens from the input messages and 30 tokens for the completion.",
      90,
      30,
      100,
    ],
    ["The input (120 tokens) is longer than the model's context length (100 tokens).", 120, null, 100],
    ["Input length (120 tokens) exceeds the maximum allowed length (100 tokens).", 120, null, 100],
    ["prompt token count of 120 exceeds the limit of 100", 120, null, 100],
    ["The input token count (120) exceeds the maximum number of tokens allowed (100).", 120, null, 100],
    ["The input token count exceeds the maximum number of tokens allowed 100.", null, null, 100],
    [
      "request (120 tokens) exceeds the available context size (100 tokens), try increasing it",
      120,
      null,
      100,
    ],
    ["prompt is too long: 120 tokens > 100 maximum", 120, null, 100],
    ["input length and `max_tokens` exceed context limit: 90 + 30 > 100, decrease input length", 90, 30, 100],
    ["The prompt is too long: 120, model maximum context length: 100", 120, null, 100],
    [
      "Prompt contains 120 tokens and 0 draft tokens, too large for model with 100 maximum context length",
      120,
      null,
      100,
    ],
    ["Invalid request: Your request exceeded model token limit: 100 (requested: 120)", 120, null, 100],
    ["This model's maximum prompt length is 100 but the request contains 120 tokens.", 120, null, 100],
    [
      "Trying to keep the first 120 tokens when context the overflows. However, the model is loaded with context length of only 100 tokens",
      120,
      null,
      100,
    ],
    ["Reached context length of 100 tokens with model", null, null, 100],
    ["Range of input length should be [1, 100]", null, null, 100],
    ["prompt has 120 tokens, but model only supports up to 100", 120, null, 100],
    ["the context window is 100", null, null, 100],
    ["prompt is too long: 1,200,000 tokens > 1,048,576 maximum", 1_200_000, null, 1_048_576],
  ];
  test.each(cases)("[5.3:numbers] %s", (message, inputTokens, maxTokens, limit) => {
    expect(find(message)).toEqual({ inputTokens, maxTokens, limit });
  });

  test("[5.3:numbers] llama.cpp's members count before its text", () => {
    expect(
      find("request (1 tokens) exceeds the available context size (2 tokens)", {
        n_prompt_tokens: 120,
        n_ctx: 100,
      }),
    ).toEqual({
      inputTokens: 120,
      maxTokens: null,
      limit: 100,
    });
  });
});

test.each([
  ["a limit of 400 digits", `maximum context length is ${"9".repeat(400)} tokens`, {}],
  ["a limit of nothing", "maximum context length is 0 tokens", {}],
  ["members of another type", "the context window", { n_prompt_tokens: { valueOf: 1 }, n_ctx: [5] }],
  ["members that are no counts", "the context window", { n_prompt_tokens: -1, n_ctx: 1e308 }],
  ["members of a window of nothing", "the context window", { n_prompt_tokens: 1, n_ctx: 0 }],
])("[F15] %s is an overflow without numbers", (_name, message, members) => {
  expect(find(message, members)).toEqual(unknown);
});

test("[F15] more output than there was of both is no prompt of less than nothing", () => {
  const said =
    "maximum context length is 100 tokens. However, you requested 5 tokens (1 in the messages, 9 in the completion)";
  expect(find(said)).toEqual({ inputTokens: null, maxTokens: 9, limit: 100 });
});
