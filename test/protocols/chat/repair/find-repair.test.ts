import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import type { ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import { findRepair } from "../../../../src/protocols/chat/repair/find-repair.ts";
import type { ChatRepair } from "../../../../src/protocols/chat/repair/repair.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";
import { readErrorFixture, upstreamErrorOf } from "../../../translate/failures/error-fixture.ts";
import { profileOf, readTool, refusal, requestOf } from "./refusal.ts";

const format = { type: "json_schema", json_schema: { name: "output", schema: {}, strict: true } };
const forced = { tools: [readTool], tool_choice: "required" as const };
const omit = (field: string): ChatRepair => ({ kind: "omit-field", field, scope: "model" });
/** For the request only: a value, or a field beside another one. */
const omitOnce = (field: string): ChatRepair => ({ kind: "omit-field", field, scope: "request" });
const cap = (maxTokens: number, scope: "model" | "request"): ChatRepair => ({
  kind: "cap-output",
  maxTokens,
  scope,
});
const rebuild: ChatRepair = { kind: "rebuild-without-reasoning", scope: "conversation" };

describe("a body that was seen", () => {
  const cases: [string, string, Partial<ChatRequest>, ProfileId, ChatRepair | null][] = [
    [
      "R0:unsupported",
      "openai-unsupported-parameter",
      { max_tokens: 9 },
      "openai",
      { kind: "rename-output-limit", field: "max_completion_tokens", scope: "model" },
    ],
    ["R0:ceiling", "openai-output-ceiling", { max_tokens: 128_000 }, "openai", cap(16_384, "model")],
    [
      "R0.1",
      "openai-tools-and-effort",
      { reasoning_effort: "high", tools: [readTool] },
      "openai",
      { kind: "effort-none-with-tools", scope: "model" },
    ],
    [
      "R0.1",
      "openai-tools-and-effort",
      { tools: [readTool] },
      "openai",
      { kind: "effort-none-with-tools", scope: "model" },
    ],
    [
      "R0.1:learned",
      "openai-tools-and-effort",
      { reasoning_effort: "none", tools: [readTool] },
      "openai",
      null,
    ],
    [
      "R0:unsupported",
      "mistral-extra-field",
      { stream: true, stream_options: { include_usage: true } },
      "generic",
      omit("stream_options"),
    ],
    [
      "2.4.2:mistral",
      "mistral-role-order",
      {},
      "generic",
      { kind: "assistant-between-tool-and-user", scope: "model" },
    ],
    ["R0:unsupported", "xai-parameter", { reasoning_effort: "high" }, "generic", omit("reasoning_effort")],
    ["6.4", "gemini-signature", {}, "gemini", rebuild],
    ["6.4", "deepseek-reasoning-missing", {}, "deepseek", rebuild],
    ["5.2:413", "groq-tokens-per-minute", { max_tokens: 8192 }, "groq", cap(8192 - 2137 - 64, "request")],
    ["5.2:413", "groq-tokens-per-minute", { max_tokens: 3224 }, "groq", null],
    ["5.2:413", "groq-tokens-per-minute", {}, "groq", null],
    [
      "5.2:402-retry",
      "openrouter-can-only-afford",
      { max_tokens: 65_536 },
      "openrouter",
      cap(3104, "request"),
    ],
    ["5.2:402", "openrouter-no-credits", { max_tokens: 65_536 }, "openrouter", null],
    ["5.3:both E28", "openai-overflow-by-max-tokens", { max_tokens: 8192 }, "generic", cap(2499, "request")],
    ["5.3:both", "vllm-max-tokens", { max_tokens: 8192 }, "vllm", cap(2512, "request")],
    ["5.3:both", "vllm-overflow-nested", { max_tokens: 4096 }, "vllm", null],
    ["5.3:both", "openai-overflow", { max_tokens: 4096 }, "openai", null],
    ["5.3:recognised E29", "openai-long-id", { max_tokens: 4096 }, "openai", null],
    [
      "1.3:tool",
      "lmstudio-tool-choice",
      { tools: [readTool], tool_choice: { type: "function", function: { name: "Read" } } },
      "generic",
      { kind: "free-tool-choice", as: "auto", scope: "request" },
    ],
    ["5.4:retries", "openai-rate-limit", { max_tokens: 4096 }, "openai", null],
    ["5.4:retries", "openai-server-error", { max_tokens: 4096 }, "openai", null],
    ["R0:wanted", "groq-tool-use-failed", { temperature: 1, stop: ["x"] }, "groq", null],
  ];
  test.each(cases)("[%s] %s for %j at %s", async (_rule, name, fields, profile, expected) => {
    const error = upstreamErrorOf(await readErrorFixture(name));
    expect(findRepair(error, requestOf(fields), profileOf(profile))).toEqual(expected);
  });
});

describe("an unsupported field", () => {
  const parts = [{ type: "text" as const, text: "hi", cache_control: { type: "ephemeral" as const } }];
  const strict = { ...readTool, function: { ...readTool.function, strict: true } };
  const cases: [string, UpstreamError, Partial<ChatRequest>, ChatRepair | null][] = [
    [
      "[R0:unsupported] stream_options",
      refusal("stream_options is not supported"),
      { stream_options: { include_usage: true } },
      omit("stream_options"),
    ],
    [
      "[R0:unsupported] parallel_tool_calls",
      refusal("Unrecognized request argument supplied: parallel_tool_calls"),
      { parallel_tool_calls: false },
      omit("parallel_tool_calls"),
    ],
    [
      "[R0:unsupported] reasoning that cannot be off (OpenRouter)",
      refusal("Reasoning is mandatory for this endpoint and cannot be disabled."),
      { reasoning: { effort: "none" } },
      omitOnce("reasoning"),
    ],
    [
      "[R0:unsupported] reasoning_effort by its value",
      refusal("Unsupported value: 'reasoning_effort' does not support 'minimal' with this model."),
      { reasoning_effort: "minimal" },
      omitOnce("reasoning_effort"),
    ],
    [
      "[R0:unsupported] reasoning_content (Groq)",
      refusal(
        "'messages.2' : for 'role:assistant' the following must be satisfied[('messages.2' : property 'reasoning_content' is unsupported)]",
      ),
      { messages: [{ role: "assistant", content: "a", reasoning_content: "b" }] },
      omit("reasoning_content"),
    ],
    [
      "[R0:unsupported] temperature (Kimi)",
      refusal("invalid temperature: only 1 is allowed for this model"),
      { temperature: 0.3 },
      omitOnce("temperature"),
    ],
    ["[R0:unsupported] top_k", refusal("property 'top_k' is unsupported"), { top_k: 3 }, omit("top_k")],
    [
      "[R0:unsupported] stop (xAI)",
      refusal("Argument not supported on this model: stop"),
      { stop: ["x"] },
      omit("stop"),
    ],
    [
      "[R0:unsupported] strict",
      refusal("Unknown parameter: 'tools[0].function.strict'.", 400, { param: "tools[0].function.strict" }),
      { tools: [strict] },
      omit("strict"),
    ],
    [
      "[R0:unsupported] cache_control in a message",
      refusal("messages.0.content.0.cache_control: Extra inputs are not permitted"),
      { messages: [{ role: "user", content: parts }] },
      omit("cache_control"),
    ],
    [
      "[R0:unsupported] cache_control on a tool",
      refusal("tools.0.cache_control: Extra inputs are not permitted"),
      { tools: [{ ...readTool, cache_control: { type: "ephemeral" } }] },
      omit("cache_control"),
    ],
    [
      "[R0:unsupported] a field of a profile",
      refusal("Unknown field: session_id", 422),
      { session_id: "s" },
      omit("session_id"),
    ],
    [
      "[R0:unsupported] a free choice",
      refusal("tool_choice is not supported"),
      { tools: [readTool], tool_choice: "none" },
      omitOnce("tool_choice"),
    ],
    [
      "[1.3:any] a forced choice",
      refusal("tool_choice 'required' is not supported"),
      forced,
      { kind: "free-tool-choice", as: "auto", scope: "request" },
    ],
    [
      "[R0:renamed] the other limit",
      refusal("Unknown parameter: 'max_completion_tokens'"),
      { max_completion_tokens: 9 },
      { kind: "rename-output-limit", field: "max_tokens", scope: "model" },
    ],
    [
      "[R0:names] camel case",
      refusal("parallelToolCalls: unknown field"),
      { parallel_tool_calls: false },
      omit("parallel_tool_calls"),
    ],
    [
      "[R0:names] the parameter that the error names before others of its text",
      refusal("Unsupported value: top_p with temperature", 400, { param: "temperature" }),
      { top_p: 1, temperature: 1 },
      omitOnce("temperature"),
    ],
    [
      "[R0:wanted] not one that was not sent",
      refusal("Unsupported parameter: 'logprobs'"),
      { temperature: 1 },
      null,
    ],
    [
      "[R0:wanted] not one that is part of another word",
      refusal("unsupported: nonstop"),
      { stop: ["x"] },
      null,
    ],
    [
      "[R0:wanted] not one that the text does not refuse",
      refusal("temperature was fine"),
      { temperature: 1 },
      null,
    ],
    [
      "[R0:wanted] not a limit whose value is at fault",
      refusal("max_tokens must be positive"),
      { max_tokens: 9 },
      null,
    ],
    ["[R0:wanted] not the messages", refusal("Invalid value for messages"), {}, null],
    [
      "[R0:wanted] not under another status",
      refusal("stream_options is not supported", 503),
      { stream_options: { include_usage: true } },
      null,
    ],
  ];
  test.each(cases)("%s", (_name, error, fields, expected) => {
    expect(findRepair(error, requestOf(fields), profileOf("generic"))).toEqual(expected);
  });

  test("[R0:wanted] what the client asked to have passed on stays", () => {
    const error = refusal("Provider returned error: invalid request");
    expect(findRepair(error, requestOf({ provider: { order: ["x"] } }), profileOf("openrouter"))).toBeNull();
  });
});

describe("[F6 R0:unsupported] what a refusal is about", () => {
  const three: Partial<ChatRequest> = { temperature: 0.5, top_p: 0.9, top_k: 7 };
  const cases: [string, UpstreamError, Partial<ChatRequest>, ChatRepair | null][] = [
    [
      "a field, and no value of it",
      refusal("temperature is not supported with this model"),
      three,
      omit("temperature"),
    ],
    [
      "a number that is another's",
      refusal("temperature is not supported by m-2"),
      three,
      omit("temperature"),
    ],
    ["its own number", refusal("temperature 0.5 is not supported"), three, omitOnce("temperature")],
    ["a second field", refusal("temperature is not supported beside top_p"), three, omitOnce("temperature")],
    ["words that say little", refusal("invalid temperature"), three, omitOnce("temperature")],
    [
      "a list of what is known (serde)",
      refusal("unknown field `top_k`, expected one of `model`, `top_p`"),
      three,
      omit("top_k"),
    ],
    [
      "additional properties",
      refusal("Additional properties are not allowed ('top_k' was unexpected)"),
      three,
      omit("top_k"),
    ],
    [
      "a keyword (Python)",
      refusal("create() got an unexpected keyword argument 'top_k'"),
      three,
      omit("top_k"),
    ],
    ["zod", refusal("Unrecognized key(s) in object: 'top_k'"), three, omit("top_k")],
    [
      "pydantic 1",
      refusal("top_k: extra fields not permitted (type=value_error.extra)"),
      three,
      omit("top_k"),
    ],
    ["pydantic 1, a value", refusal("top_k: ensure this value is greater than 10"), three, omitOnce("top_k")],
    ["Gemini's value", refusal("Invalid value at 'top_k' (TYPE_INT32), 7"), three, omitOnce("top_k")],
    [
      "a code that says it",
      refusal("temperature: no", 400, { code: "unknown_parameter" }),
      three,
      omit("temperature"),
    ],
    [
      "a value of an unknown kind",
      refusal("Unsupported parameter value for top_k"),
      three,
      omitOnce("top_k"),
    ],
    [
      "an object's member",
      refusal("reasoning.max_tokens: unknown field"),
      { reasoning: { max_tokens: 2000 } },
      omitOnce("reasoning"),
    ],
    [
      "a member's value (OpenRouter)",
      refusal("reasoning does not support xhigh"),
      { reasoning: { effort: "xhigh" } },
      omitOnce("reasoning"),
    ],
    [
      "the field itself",
      refusal("This model does not support reasoning"),
      { reasoning: { effort: "high" } },
      omit("reasoning"),
    ],
    [
      "a choice that nobody takes",
      refusal("Unknown parameter: 'tool_choice'."),
      forced,
      omitOnce("tool_choice"),
    ],
    [
      "a limit beside something else",
      refusal("max_tokens is not supported when streaming"),
      { max_tokens: 9 },
      { kind: "rename-output-limit", field: "max_completion_tokens", scope: "request" },
    ],
    [
      "a limit's value",
      refusal("Unsupported value: 'max_tokens' does not support 9.", 400, { code: "unsupported_value" }),
      { max_tokens: 9 },
      null,
    ],
    [
      "the form of the output",
      refusal("'response_format.type' must be 'json_object' or 'text'"),
      { response_format: format },
      { kind: "loosen-response-format", to: "json_object", scope: "model" },
    ],
    [
      "a word of the client's schema",
      refusal("json_schema keyword 'minLength' is not supported"),
      { response_format: format },
      { kind: "loosen-response-format", to: "json_object", scope: "request" },
    ],
    [
      "the client's schema",
      refusal("response_format.json_schema.schema: 'minLength' is not supported"),
      { response_format: format },
      { kind: "loosen-response-format", to: "json_object", scope: "request" },
    ],
  ];
  test.each(cases)("%s", (_name, error, fields, expected) => {
    expect(findRepair(error, requestOf(fields), profileOf("generic"))).toEqual(expected);
  });

  test.each<[string, string, ChatRepair]>([
    ["extra_forbidden", "nicht erlaubt", omit("temperature")],
    ["literal_error", "nicht erlaubt", omitOnce("temperature")],
    ["less_than_equal", "zu viel", omitOnce("temperature")],
  ])("FastAPI's %s, whatever its words", (type, msg, expected) => {
    const fault = { type, loc: ["body", "temperature"], msg, input: 0.5 };
    for (const body of [{ detail: [fault] }, { object: "error", message: { detail: [fault] } }]) {
      const error = new UpstreamError("http", "refused", { status: 422, body });
      expect(findRepair(error, requestOf(three), profileOf("generic"))).toEqual(expected);
    }
  });
});

describe("a ceiling of the output", () => {
  const cases: [string, Partial<ChatRequest>, ChatRepair | null][] = [
    [
      "max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-x",
      { max_tokens: 128_000 },
      cap(64_000, "model"),
    ],
    [
      "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
      { max_tokens: 32_000 },
      cap(8192, "model"),
    ],
    [
      "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 65536]",
      { max_tokens: 128_000 },
      cap(65_536, "model"),
    ],
    [
      "`max_tokens` must be less than or equal to `40960`, the maximum value for `max_tokens` is less than the `context_window` for this model",
      { max_tokens: 128_000 },
      cap(40_960, "model"),
    ],
    ["max_tokens exceeds the maximum allowed value of 8,192", { max_tokens: 32_000 }, cap(8192, "model")],
    [
      "max_completion_tokens is too large: 9000. This model supports at most 4096 completion tokens",
      { max_completion_tokens: 9000 },
      cap(4096, "model"),
    ],
    [
      "max_tokens is too large: 9000. This model supports at most 9000 completion tokens",
      { max_tokens: 9000 },
      null,
    ],
  ];
  test.each(cases)("[R0:ceiling] %s", (message, fields, expected) => {
    expect(findRepair(refusal(message), requestOf(fields), profileOf("generic"))).toEqual(expected);
  });
});

test("[R0:unsupported] a signature of a text is left out where the upstream knows none on messages", () => {
  const extra_content = { google: { thought_signature: "S" } };
  const sent = requestOf({ messages: [{ role: "assistant", content: "a", extra_content }] });
  const error = refusal(`Invalid JSON payload received. Unknown name "extra_content" at 'messages[1]'`);
  expect(findRepair(error, sent, profileOf("gemini"))).toEqual(omit("extra_content"));
});

describe("a least output", () => {
  const text =
    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.";
  const raise: ChatRepair = { kind: "raise-output", minTokens: 16, scope: "model" };

  test.each<[Partial<ChatRequest>, ChatRepair | null]>([
    [{ max_tokens: 1 }, raise],
    [{ max_completion_tokens: 15 }, raise],
    [{ max_tokens: 16 }, null],
    [{}, null],
  ])("[1.1:max_tokens] %j of a model that takes no less than 16 (OpenRouter, OpenAI)", (fields, expected) => {
    expect(findRepair(refusal(text), requestOf(fields), profileOf("openrouter"))).toEqual(expected);
  });
});

describe("room in the window", () => {
  const overflow = (input: number) =>
    refusal(
      `This model's maximum context length is 10000 tokens. However, you requested ${input + 8000} tokens (${input} in the messages, 8000 in the completion).`,
    );
  const cases: [number, ChatRepair | null][] = [
    [7696, cap(2048, "request")],
    [7697, null],
    [5000, cap(4744, "request")],
    [10_000, null],
  ];
  test.each(cases)("[5.3:both] beside %p tokens of 10000", (input, expected) => {
    expect(findRepair(overflow(input), requestOf({ max_tokens: 8000 }), profileOf("generic"))).toEqual(
      expected,
    );
  });
});

describe("a forced choice while thinking", () => {
  const thinkingOff = (form: "thinking" | "qwen" | "openrouter"): ChatRepair => ({
    kind: "thinking-off-for-forced-choice",
    form,
    scope: "model",
  });
  const free: ChatRepair = { kind: "free-tool-choice", as: "omitted", scope: "request" };
  const cases: [string, ProfileId, string, Partial<ChatRequest>, ChatRepair | null][] = [
    [
      "Thinking mode does not support this tool_choice",
      "deepseek",
      "deepseek-v4",
      forced,
      thinkingOff("thinking"),
    ],
    [
      "<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode",
      "qwen",
      "qwen3-max",
      forced,
      thinkingOff("qwen"),
    ],
    [
      "tool_choice 'required' is incompatible with thinking enabled",
      "openrouter",
      "moonshotai/kimi-k2.6",
      forced,
      thinkingOff("openrouter"),
    ],
    ["Thinking mode does not support this tool_choice", "generic", "m", forced, free],
    [
      "tool_choice 'specified' is incompatible with thinking enabled",
      "kimi",
      "kimi-k2-thinking",
      forced,
      free,
    ],
    [
      "Thinking mode does not support this tool_choice",
      "deepseek",
      "deepseek-v4",
      { tools: [readTool] },
      null,
    ],
  ];
  test.each(cases)("[1.3:forced-thinking] %s (%s, %s)", (message, id, model, fields, expected) => {
    expect(findRepair(refusal(message), requestOf(fields), profileOf(id, model))).toEqual(expected);
  });
});

describe("reasoning that is refused", () => {
  test.each([
    "messages.1.content.0: Invalid `signature` in `thinking` block",
    "The encrypted_content for item rs_1 could not be verified.",
    "Duplicate item found with id rs_1",
    "reasoning_details: could not parse",
    "Unrecognized request argument supplied: reasoning_opaque",
    "Extra inputs are not permitted: reasoning_text",
    "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
  ])("[6.4] %s", (message) => {
    expect(findRepair(refusal(message), requestOf(), profileOf("openrouter"))).toEqual(rebuild);
  });

  test("[6.4:stand-in] a stand-in that deepseek refuses becomes an empty one; kimi takes an empty one for none", () => {
    const sent = requestOf({ messages: [{ role: "assistant", content: "a", reasoning_content: " " }] });
    const error = refusal("The reasoning_content in the thinking mode must be passed back to the API.");
    expect(findRepair(error, sent, profileOf("deepseek"))).toEqual({ ...rebuild, emptyReasoningAs: "" });
    expect(findRepair(error, sent, profileOf("kimi"))).toEqual(rebuild);
  });
});

describe("an output format that is refused", () => {
  test("[1.1:format-fallback] json_schema becomes json_object, and that nothing", () => {
    const error = refusal("response_format type json_schema is unavailable now");
    const loosened = { kind: "loosen-response-format", scope: "model" } as const;
    expect(findRepair(error, requestOf({ response_format: format }), profileOf("generic"))).toEqual({
      ...loosened,
      to: "json_object",
    });
    expect(
      findRepair(error, requestOf({ response_format: { type: "json_object" } }), profileOf("generic")),
    ).toEqual({ ...loosened, to: "prompt" });
    expect(findRepair(error, requestOf(), profileOf("generic"))).toBeNull();
  });
});

test("[1.3.1:gemini-empty] parameters that must not be empty are left out", () => {
  const error = refusal(
    "* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties: should be non-empty for OBJECT type",
  );
  expect(findRepair(error, requestOf({ tools: [readTool] }), profileOf("gemini"))).toEqual({
    kind: "omit-empty-parameters",
    scope: "model",
  });
});

test.each(["network", "timeout", "aborted", "malformed"] as const)(
  "a failure of kind %s is not for repair",
  (kind) => {
    const error = new UpstreamError(kind, "stream_options is not supported", {
      status: 400,
      body: "stream_options is not supported",
    });
    expect(
      findRepair(error, requestOf({ stream_options: { include_usage: true } }), profileOf("generic")),
    ).toBeNull();
  },
);
