import { describe, expect, test } from "bun:test";
import type { ResponsesRepair } from "../../../../src/protocols/responses/repair/repair.ts";
import { responsesRepairs } from "../../../../src/protocols/responses/repair/responses-repairs.ts";
import type { InputItem, ResponsesRequest } from "../../../../src/protocols/responses/responses-request.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";
import { blobItem, profileAt, refusal, requestOf, userItem } from "./refused.ts";

const find = (error: UpstreamError, fields: Partial<ResponsesRequest>, profile = profileAt()) =>
  responsesRepairs.find(error, requestOf(fields), profile);

const called: InputItem[] = [
  { type: "function_call", call_id: "c", name: "Read", arguments: "{}" },
  { type: "function_call_output", call_id: "c", output: "ok" },
];
const withBlobs: InputItem[] = [userItem("a"), blobItem("gA1"), ...called, blobItem("gA2"), ...called];
const withIds: InputItem[] = [userItem("a"), blobItem("gA1", { id: "rs_1" }), ...called];
const older: InputItem[] = [userItem("a"), blobItem("gA1"), ...called, userItem("b")];
const text = { type: "reasoning_text" as const, text: " " };
const omitReasoning = (until: string): ResponsesRepair => ({
  kind: "omit-reasoning",
  until,
  scope: "conversation",
});
const ofModel = <Own extends object>(own: Own) => ({ ...own, scope: "model" as const });
const omit = (field: string): ResponsesRepair => ofModel({ kind: "omit-field" as const, field });
const omitOnce = (field: string): ResponsesRepair => ({ kind: "omit-field", field, scope: "request" });
const withoutIds: ResponsesRepair = { kind: "without-item-ids", scope: "conversation" };

describe("reasoning that went back", () => {
  const unverified =
    "The encrypted content gAAA… could not be verified. Reason: Encrypted content could not be decrypted or parsed.";
  const conflicting = "Conflicting authenticated continuation identities in input.";
  const cases: [string, UpstreamError, InputItem[], ResponsesRepair | null][] = [
    [
      "[22.6:ids 25.4:ids] reasoning without the item behind it",
      refusal("Item 'rs_1' of type 'reasoning' was provided without its required following item.", {
        param: "input",
      }),
      withIds,
      withoutIds,
    ],
    [
      "[22.6:ids] an item without its reasoning",
      refusal(
        "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
      ),
      withIds,
      withoutIds,
    ],
    [
      "[22.6:ids] an item that is not kept",
      refusal(
        "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
        {},
        404,
      ),
      withIds,
      withoutIds,
    ],
    [
      "[22.6:ids] a foreign id",
      refusal("Invalid 'input[66].id': 'x1'. Expected an ID that begins with 'rs'."),
      withIds,
      withoutIds,
    ],
    [
      "[22.6:ids] an id twice",
      refusal("Duplicate item found with id rs_1. Remove duplicate items."),
      withIds,
      withoutIds,
    ],
    [
      "[25.4:ids] without ids all reasoning goes",
      refusal("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false."),
      withBlobs,
      omitReasoning("gA2"),
    ],
    [
      "[22.6:id-missing 25.4:id-missing] an id is demanded",
      refusal("Missing required parameter: 'input[1].id'.", { param: "input[1].id" }),
      withBlobs,
      ofModel({ kind: "with-reasoning-ids" as const }),
    ],
    [
      "[25.4:id-missing] Azure's project endpoints",
      refusal("The provided data does not match the expected schema", { code: "invalid_payload" }),
      withBlobs,
      ofModel({ kind: "with-reasoning-ids" as const }),
    ],
    [
      "[25.4:id-missing] and ids do not help",
      refusal("Missing required parameter: 'input[1].id'."),
      [blobItem("gA1", { id: "rs_1" }), blobItem("gA2")],
      omitReasoning("gA2"),
    ],
    [
      "[25.4:blob] a code",
      refusal(unverified, { code: "invalid_encrypted_content", param: null }),
      withBlobs,
      omitReasoning("gA2"),
    ],
    ["[25.4:blob] a text", refusal(unverified), withBlobs, omitReasoning("gA2")],
    [
      "[25.4:blob] a field of the input",
      refusal("Invalid reasoning item", { param: "input[1]" }),
      withBlobs,
      omitReasoning("gA2"),
    ],
    [
      "[25.4:blob] none was sent",
      refusal(unverified, { code: "invalid_encrypted_content" }),
      [userItem("a")],
      null,
    ],
    [
      "[25.4:several] blobs of several responses",
      refusal(conflicting),
      older,
      ofModel({ kind: "newest-reasoning-only" as const }),
    ],
    ["[25.4:several] blobs of one response", refusal(conflicting), withBlobs, omitReasoning("gA2")],
    [
      "[25.4:encrypted] blobs in the input",
      refusal("Encrypted content is not supported.", { param: "input" }),
      withBlobs,
      ofModel({ kind: "without-encrypted" as const }),
    ],
    [
      "[22.6:pairs] a call without its output is our own fault",
      refusal("No tool output found for function call call_1."),
      withBlobs,
      null,
    ],
  ];
  test.each(cases)("%s", (_, error, input, expected) => {
    expect(find(error, { input })).toEqual(expected);
  });

  test("[25.4:blob] DeepSeek's stand-in becomes an empty text", () => {
    const deepseek = profileAt("https://api.deepseek.com", "deepseek-v4-flash");
    const error = refusal("The `reasoning_text` in the thinking mode must be passed back to the API.");
    const rebuild = { kind: "rebuild-without-reasoning", scope: "conversation" } as const;
    expect(find(error, {}, deepseek)).toEqual(rebuild);
    const input: InputItem[] = [userItem("a"), { type: "reasoning", summary: [], content: [text] }];
    expect(find(error, { input }, deepseek)).toEqual({ ...rebuild, emptyReasoningAs: "" });
  });

  test("[25.4:id-missing] where ids are sent by themselves, none of the two ways works", () => {
    const project = profileAt("https://x.services.ai.azure.com/openai/v1");
    const error = refusal("Missing required parameter: 'input[1].id'.");
    expect(find(error, { input: withBlobs }, project)).toEqual(omitReasoning("gA2"));
  });

  test("[25.4:id-missing] ids that nobody knows leave only a request without reasoning", () => {
    const sent = requestOf({ input: withBlobs });
    const vain = ofModel({ kind: "with-reasoning-ids" as const });
    expect(responsesRepairs.nextAfter?.(vain, sent, profileAt())).toEqual(omitReasoning("gA2"));
    expect(responsesRepairs.nextAfter?.(withoutIds, sent, profileAt())).toBeNull();
  });
});

describe("a field", () => {
  const unsupported = (name: string, members: object = {}) =>
    refusal(`Unsupported parameter: '${name}' is not supported with this model.`, {
      param: name,
      ...members,
    });
  const tool = { type: "function" as const, name: "Read", parameters: {}, strict: false };
  const harmony = refusal("Only 'auto' tool_choice is supported in response API with Harmony", {}, 501);
  const phased: InputItem[] = [{ type: "message", role: "assistant", content: "a", phase: "final_answer" }];
  const format = { type: "json_schema", name: "output", schema: { type: "object" }, strict: true };
  const cases: [string, UpstreamError, Partial<ResponsesRequest>, ResponsesRepair | null][] = [
    [
      "[25.4:fields] temperature, code null",
      unsupported("temperature", { code: null }),
      { temperature: 1 },
      omit("temperature"),
    ],
    ["[25.4:fields] top_p", unsupported("top_p"), { top_p: 1 }, omit("top_p")],
    ...["parallel_tool_calls", "prompt_cache_key", "safety_identifier", "service_tier", "max_tool_calls"].map(
      (field): [string, UpstreamError, Partial<ResponsesRequest>, ResponsesRepair] => [
        `[25.4:fields] ${field}`,
        unsupported(field, { code: "unsupported_parameter" }),
        { [field]: "x" },
        omit(field),
      ],
    ),
    [
      "[25.4:fields] stream_options",
      unsupported("stream_options"),
      { stream_options: { include_obfuscation: false } },
      omit("stream_options"),
    ],
    ["[25.4:fields] store", refusal("store must be true", { param: "store" }), {}, omit("store")],
    [
      "[25.4:fields] strict",
      refusal("Unknown parameter: 'tools[0].strict'."),
      { tools: [tool] },
      omit("strict"),
    ],
    [
      "[25.4:fields] phase",
      refusal("Unknown parameter: 'input[0].phase'."),
      { input: phased },
      omit("phase"),
    ],
    [
      "[25.4:fields] include",
      unsupported("include"),
      { include: ["reasoning.encrypted_content"] },
      omit("include"),
    ],
    [
      "[25.4:fields] one value of include",
      refusal("Invalid value: 'web_search_call.action.sources'.", { param: "include[1]" }),
      { include: ["reasoning.encrypted_content", "web_search_call.action.sources"] },
      ofModel({ kind: "omit-include" as const, value: "web_search_call.action.sources" }),
    ],
    [
      "[25.4:fields] the output limit of the Codex backend",
      unsupported("max_output_tokens"),
      { max_output_tokens: 99 },
      omit("max_output_tokens"),
    ],
    [
      "[25.4:fields] instructions",
      unsupported("instructions"),
      { instructions: "be brief" },
      ofModel({ kind: "instructions-into-input" as const }),
    ],
    [
      "[25.4:members] reasoning.effort",
      unsupported("reasoning.effort"),
      { reasoning: { effort: "low", summary: "auto" } },
      omit("reasoning.effort"),
    ],
    [
      "[25.4:members] reasoning",
      unsupported("reasoning"),
      { reasoning: { effort: "low" } },
      omit("reasoning"),
    ],
    [
      "[25.4:members] text.verbosity",
      refusal("Unsupported value: 'low' is not supported with this model.", {
        param: "text.verbosity",
        code: "unsupported_value",
      }),
      { text: Object.assign({ format: {} }, { verbosity: "low" }) },
      omitOnce("text.verbosity"),
    ],
    [
      "[25.4:members] the field that param names counts, whatever the text names",
      refusal("temperature and top_p: one is not supported", {
        param: "top_p",
        code: "unsupported_parameter",
      }),
      { temperature: 1, top_p: 1 },
      omit("top_p"),
    ],
    [
      "[25.4:members] summaries of organisations that are not verified",
      refusal("Your organization must be verified to generate reasoning summaries. Please go to …", {
        param: "reasoning.summary",
        code: "unsupported_value",
      }),
      { reasoning: { effort: "low", summary: "auto" } },
      omit("reasoning.summary"),
    ],
    [
      "[25.4:format] an unknown format",
      refusal("text.format is not supported by this model", { param: "text.format" }),
      { text: { format } },
      ofModel({ kind: "loosen-response-format" as const, to: "json_object" as const }),
    ],
    [
      "[25.4:format] a schema that is not strict",
      refusal(
        "Invalid schema for response_format 'output': In context=(), 'additionalProperties' is required to be supplied and to be false.",
        {
          param: "text.format.schema",
        },
      ),
      { text: { format } },
      { kind: "omit-strict", of: "text.format", scope: "request" },
    ],
    [
      "[25.4:encrypted] include",
      refusal("Encrypted content is not supported with this model.", { param: "include" }),
      { include: ["reasoning.encrypted_content"] },
      ofModel({ kind: "without-encrypted" as const }),
    ],
    [
      "[25.4:fields] a choice",
      refusal("tool_choice 'required' is not supported", { param: "tool_choice" }),
      { tools: [tool], tool_choice: "required" },
      { kind: "free-tool-choice", as: "auto", scope: "request" },
    ],
    [
      "[25.4:fields] a choice, where the model makes it (vLLM)",
      harmony,
      { tools: [tool], tool_choice: "required" },
      { kind: "free-tool-choice", as: "auto", scope: "request" },
    ],
    [
      "[25.4:fields] the choice of none there",
      harmony,
      { tools: [tool], tool_choice: "none" },
      { kind: "omit-field", field: "tool_choice", scope: "request" },
    ],
    [
      "[25.4:fields] a choice beside thinking",
      refusal("Thinking mode does not support this tool_choice"),
      { tools: [tool], tool_choice: "required" },
      ofModel({ kind: "thinking-off-for-forced-choice" as const, level: "none" }),
    ],
    [
      "[25.4:fields] a field of the other wire is our own fault",
      refusal(
        "Unsupported parameter: 'reasoning_effort'. In the Responses API, this parameter has moved to 'reasoning.effort'.",
      ),
      { reasoning: { effort: "low" } },
      null,
    ],
    [
      "[25.4:fields] images",
      refusal("This model does not support image inputs."),
      {
        input: [
          {
            type: "message",
            role: "user",
            content: [{ type: "input_image", image_url: "u", detail: "auto" }],
          },
        ],
      },
      ofModel({ kind: "omit-images" as const }),
    ],
  ];
  test.each(cases)("%s", (_, error, fields, expected) => {
    expect(find(error, fields)).toEqual(expected);
  });
});

describe("[25.4:levels] a level that is refused beside a list becomes the next of the list", () => {
  const refuse = (level: string, list: string) =>
    refusal(
      `Unsupported value: '${level}' is not supported with the 'm' model. Supported values are: ${list}.`,
      { param: "reasoning.effort", code: "unsupported_value" },
    );
  test.each([
    ["minimal", "'none', 'low', 'medium', and 'high'", "low"],
    ["none", "'minimal', 'low', 'medium', and 'high'", "minimal"],
    ["xhigh", "'low', 'medium', and 'high'", "high"],
    ["max", "'medium'", "medium"],
  ])("%s beside %s: %s", (level, list, as) => {
    expect(find(refuse(level, list), { reasoning: { effort: level } })).toEqual(
      ofModel({ kind: "other-thinking-level" as const, level, as }),
    );
  });

  test("and without a list that request names none", () => {
    const error = refusal("Unsupported value: 'max' is not supported with the 'm' model.", {
      param: "reasoning.effort",
      code: "unsupported_value",
    });
    expect(find(error, { reasoning: { effort: "max" } })).toEqual(omitOnce("reasoning.effort"));
  });
});

describe("[25.4:numbers] output limits", () => {
  const cases: [string, UpstreamError, number, ResponsesRepair | null][] = [
    [
      "below the least",
      refusal(
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
        {
          code: "integer_below_min_value",
        },
      ),
      5,
      ofModel({ kind: "raise-output" as const, minTokens: 16 }),
    ],
    [
      "above the most",
      refusal(
        "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 128000, but got 200000 instead.",
        {
          code: "integer_above_max_value",
        },
      ),
      200_000,
      ofModel({ kind: "cap-output" as const, maxTokens: 128_000 }),
    ],
    [
      "beside a prompt that leaves too little",
      refusal(
        "This model's maximum context length is 102400 tokens. However, you requested 107837 tokens (99645 in the messages, 8192 in the completion).",
      ),
      8192,
      { kind: "cap-output", maxTokens: 2499, scope: "request" },
    ],
    [
      "a prompt that is too long by itself",
      refusal("Your input exceeds the context window of this model.", { code: "context_length_exceeded" }),
      99,
      null,
    ],
  ];
  test.each(cases)("%s", (_, error, max_output_tokens, expected) => {
    expect(find(error, { max_output_tokens })).toEqual(expected);
  });
});

test("[25.4:in-stream] a refusal inside a success is one, other failures there are not", () => {
  const inside = (body: object) => new UpstreamError("http", "inside", { status: 200, body });
  const error = {
    code: "invalid_encrypted_content",
    message: "The encrypted content gAAA could not be verified.",
  };
  const input = withBlobs;
  for (const body of [
    { type: "error", ...error },
    { type: "error", error },
    { type: "response.failed", response: { error } },
  ])
    expect(find(inside(body), { input })).toEqual(omitReasoning("gA2"));
  expect(find(inside({ error: { code: "server_is_overloaded", message: "busy" } }), { input })).toBeNull();
  expect(find(new UpstreamError("network", "gone"), { input })).toBeNull();
});
