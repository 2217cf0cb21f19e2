import { describe, expect, test } from "bun:test";
import { findContextOverflow } from "../../../src/translate/failures/context-overflow.ts";
import { readErrorBody } from "../../../src/translate/failures/error-facts.ts";
import { mapUpstreamError } from "../../../src/translate/failures/map-upstream-error.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import { errorContext } from "../../support/error-context.ts";

const inside = (body: object, status = 200) => new UpstreamError("http", "inside", { status, body });

/** Type and status of what the client is told. */
function told(body: object, status = 200): [string, number] {
  const error = mapUpstreamError(inside(body, status), errorContext);
  return [error.type, error.status];
}

describe("[25.2:codes] the code of an error in a success is its status", () => {
  test.each<[string, string, number]>([
    ["server_error", "api_error", 500],
    ["server_is_overloaded", "overloaded_error", 529],
    ["slow_down", "overloaded_error", 529],
    ["rate_limit_exceeded", "rate_limit_error", 429],
    ["insufficient_quota", "billing_error", 402],
    ["invalid_prompt", "invalid_request_error", 400],
    ["cyber_policy", "invalid_request_error", 400],
    ["bio_policy", "invalid_request_error", 400],
    ["content_filter", "invalid_request_error", 400],
    ["image_too_large", "invalid_request_error", 400],
    ["unsupported_parameter", "invalid_request_error", 400],
    ["invalid_encrypted_content", "invalid_request_error", 400],
    ["model_not_found", "not_found_error", 424],
    ["vector_store_timeout", "timeout_error", 504],
    ["data_residency_mismatch", "permission_error", 424],
    ["something_new", "api_error", 502],
  ])("%s", (code, type, status) => {
    const error = { code, message: "words" };
    for (const body of [
      { error },
      { type: "error", ...error },
      { type: "response.failed", response: { error } },
    ])
      expect(told(body)).toEqual([type, status]);
  });

  test("by its type, where it has no code", () => {
    expect(told({ error: { type: "service_unavailable_error", message: "words" } })).toEqual([
      "overloaded_error",
      529,
    ]);
    expect(told({ error: { type: "invalid_request_error", message: "words" } })).toEqual([
      "invalid_request_error",
      400,
    ]);
    expect(told({ error: { message: "words" } })).toEqual(["api_error", 502]);
  });
});

test("[25.2:real] a real status wins over the code", () => {
  expect(told({ error: { code: "server_error", message: "words" } }, 503)).toEqual(["api_error", 503]);
});

test("[25.2:error_type] OpenRouter's error_type wins over both", () => {
  const error = { code: "server_error", message: "words" };
  expect(told({ status: "failed", error, error_type: "rate_limit_exceeded" })).toEqual([
    "rate_limit_error",
    429,
  ]);
  const response = { error, error_type: "rate_limit_exceeded" };
  expect(told({ type: "response.failed", response })).toEqual(["rate_limit_error", 429]);
});

test("[25.2:wait] the wait that a text names is told", () => {
  const message = "Rate limit reached. Please try again in 7s.";
  const error = mapUpstreamError(inside({ error: { code: "rate_limit_exceeded", message } }), errorContext);
  expect(error.headers).toEqual({ "retry-after": "7" });
});

test("[25.2:unread] reasoning that cannot be read is told in words at which the client drops it", () => {
  const error = {
    code: "invalid_encrypted_content",
    message: "The encrypted content could not be verified.",
  };
  expect(mapUpstreamError(inside({ error }, 400), errorContext).message).toBe(
    "Invalid `signature` in `thinking` block: The encrypted content could not be verified.",
  );
});

describe("a prompt that is too long", () => {
  const message =
    "Your input exceeds the context window of this model. Please adjust your input and try again.";
  const body = { type: "error", code: "context_length_exceeded", message };
  const say = (estimatedInputTokens: number | null, contextWindow: number | null, status = 200) =>
    mapUpstreamError(inside(body, status), { ...errorContext, estimatedInputTokens, contextWindow }).message;

  test("[25.3:window] without numbers is told with the estimate and the known window", () => {
    expect(say(291_040, 272_000)).toBe("prompt is too long: 291040 tokens > 272000 maximum");
    expect(say(291_040, 272_000, 400)).toBe("prompt is too long: 291040 tokens > 272000 maximum");
  });

  test("[25.3:window] is at least one token too long", () => {
    expect(say(1000, 272_000)).toBe("prompt is too long: 272001 tokens > 272000 maximum");
  });

  test("[25.3:window] of an unknown window is told without numbers", () => {
    expect(say(1000, null)).toBe(
      `prompt is too long (capability_rejected: prompt_too_long; upstream: ${message})`,
    );
  });

  test("[25.3:texts] with numbers, the limit first", () => {
    const text =
      "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 290123 tokens. Please reduce the length of the messages.";
    expect(findContextOverflow(readErrorBody({ error: { message: text } }))).toEqual({
      inputTokens: 290_123,
      maxTokens: null,
      limit: 272_000,
    });
  });

  test.each<[string, object]>([
    [
      "an id",
      {
        message:
          "Invalid 'input[95].call_id': string too long. Expected a string with maximum length 64, but got a string with length 69 instead.",
        code: "string_above_max_length",
      },
    ],
    ["instructions by their field", { message: "prompt is too long", param: "instructions" }],
    ["instructions in the text", { message: "instructions are too long for the context window" }],
    ["a code alone", { message: "over the context limit", code: "string_above_max_length" }],
  ])("[25.3:others] is not meant by a long text: %s", (_, error) => {
    expect(findContextOverflow(readErrorBody({ error }))).toBeNull();
  });
});
