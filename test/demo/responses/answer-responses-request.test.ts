import { describe, expect, test } from "bun:test";
import { answerResponsesRequest } from "../../../src/demo/responses/answer-responses-request.ts";
import { isJsonObject, type JsonObject } from "../../../src/json/json-value.ts";

const introduction = "This is the demonstration upstream of claude-proxy. No model is behind this answer.";
const thought = "This is a sample of reasoning. No model has thought about it.";
const greeting = `{"command":"echo 'Hello from the demonstration upstream of claude-proxy.'"}`;
const question = { type: "message", role: "user", content: "Say hello." };
const bash = {
  type: "function",
  name: "Bash",
  strict: false,
  parameters: { type: "object", properties: { command: { type: "string" } } },
};
const call = { type: "function_call", call_id: "call_1", name: "Bash", arguments: "{}" };
const output = { type: "function_call_output", call_id: "call_1", output: "Hello" };

/** Ids are their beginnings and a number. */
function answer(request: JsonObject) {
  let ids = 0;
  const reply = answerResponsesRequest(
    { model: "demonstration", input: [question], ...request },
    (prefix) => `${prefix}${++ids}`,
  );
  if (reply.type === "refusal") throw new Error(reply.error.message);
  return reply;
}

function whole(request: JsonObject): JsonObject {
  const reply = answer(request);
  if (reply.type !== "whole") throw new Error("The answer is a stream.");
  return reply.body;
}

/** The events of a stream without their numbers, which are checked on the way, as are their names. */
function events(request: JsonObject): JsonObject[] {
  const reply = answer({ ...request, stream: true });
  if (reply.type !== "stream") throw new Error("The answer is whole.");
  return reply.frames.map(({ name, data }, index) => {
    const { sequence_number: number, ...event } = JSON.parse(data);
    expect([name, number]).toEqual([event.type, index]);
    return event;
  });
}

/** The events of the items, without what begins and ends the stream. */
const itemEvents = (request: JsonObject) => events(request).slice(2, -1);

const textOf = (request: JsonObject) => JSON.stringify(whole(request)["output"]);

const part = (text: string) => ({ type: "output_text", annotations: [], logprobs: [], text });
const message = (text: string, status = "completed") => ({
  id: "msg_2",
  type: "message",
  status,
  content: [part(text)],
  role: "assistant",
});

/** All members of a response, as it is for a bare request. */
const response = (members: JsonObject) => ({
  id: "resp_1",
  object: "response",
  created_at: expect.any(Number),
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  model: "demonstration",
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: true,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  ...members,
});

const usage = (input: number, outputTokens: number, reasoning = 0) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + outputTokens,
});

const helloText = `${introduction}\n\nIt received 1 input item and 0 tools for the model demonstration.\n\nYou sent: "Say hello."`;

test("a whole response", () => {
  expect(whole({})).toEqual(
    response({ status: "completed", output: [message(helloText)], usage: usage(17, 44) }),
  );
});

test("a whole response repeats what was asked, and is incomplete where the limit cuts it", () => {
  const asked = {
    instructions: "Be brief.",
    max_output_tokens: 16,
    store: false,
    tools: [bash],
    temperature: 0.5,
  };
  expect(whole(asked)).toEqual(
    response({
      ...asked,
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [message(introduction.slice(0, 64), "incomplete")],
      usage: usage(49, 16),
    }),
  );
});

test("reasoning has a summary only where one is asked for, and is itself always opaque", () => {
  const [summarized, bare] = [{ effort: "high", summary: "auto" }, { effort: "low" }].map((reasoning) => {
    const { output: items } = whole({ reasoning });
    return Array.isArray(items) ? items : [];
  });
  const opaque = "VGhlIHJlYXNvbmluZyBvZiByc18yLCB3aGljaCBubyBtb2RlbCBoYXMgdGhvdWdodC4=";
  const reasoning = { id: "rs_2", type: "reasoning", encrypted_content: opaque };
  const text = { ...message(helloText), id: "msg_3" };
  expect(summarized).toEqual([{ ...reasoning, summary: [{ type: "summary_text", text: thought }] }, text]);
  expect(bare).toEqual([{ ...reasoning, summary: [] }, text]);
});

test.each([{}, { reasoning: null }, { reasoning: { effort: "none", summary: "auto" } }])(
  "no reasoning for %j",
  (request) => {
    expect(whole(request)["output"]).toEqual([message(helloText)]);
  },
);

test("a limit that the reasoning uses up leaves no text", () => {
  const { output: items, usage: used } = whole({ reasoning: { effort: "high" }, max_output_tokens: 16 });
  expect([Array.isArray(items) && items.map((item) => isJsonObject(item) && item["type"]), used]).toEqual([
    ["reasoning"],
    usage(17, 16, 16),
  ]);
});

describe("what is composed", () => {
  test("a system text, items and tools are counted", () => {
    const input = [{ type: "message", role: "developer", content: "Be brief." }, question];
    expect(textOf({ input, tools: [bash] })).toContain(
      "It received a system text, 1 input item and 1 tool for",
    );
    expect(textOf({ instructions: "Be brief." })).toContain("It received a system text, 1 input item and 0");
  });

  test("an output of a call ends the loop", () => {
    const reasoning = { type: "reasoning", summary: [], encrypted_content: "blob" };
    const input = [question, reasoning, call, output, question];
    const text = textOf({ input, tools: [bash] });
    expect(text).toContain('The tool gave back: \\"Hello\\"');
    expect(text).not.toContain("function_call");
  });

  test.each([
    ["a string", "Say hello."],
    ["a message without a type", [{ role: "user", content: "Say hello." }]],
    [
      "parts",
      [
        {
          role: "user",
          content: [
            { type: "input_text", text: "Say hello." },
            { type: "input_image", image_url: "data:,", detail: "auto" },
          ],
        },
      ],
    ],
  ])("the input may be %s", (_, input) => {
    expect(textOf({ input })).toContain('You sent: \\"Say hello.\\"');
  });

  test("a named tool is called, and a forbidden one is not", () => {
    const named = { type: "function", name: "Bash" };
    const asked = { tools: [bash], input: [question, call, output] };
    expect(textOf({ ...asked, tool_choice: named })).toContain('"type":"function_call"');
    expect(textOf({ tools: [bash], tool_choice: "none" })).not.toContain('"type":"function_call"');
  });

  test.each([
    [
      {
        type: "json_schema",
        name: "output",
        strict: true,
        schema: { type: "object", properties: { title: { type: "string" } }, required: ["title"] },
      },
      '{"title":"demonstration"}',
    ],
    [{ type: "json_object" }, JSON.stringify({ answer: introduction })],
  ])("structured output %j", (format, text) => {
    expect(whole({ text: { format } })["output"]).toEqual([message(text)]);
  });
});

test("a stream begins and ends with the response", () => {
  const all = events({});
  const started = response({ status: "in_progress", output: [], usage: null });
  expect([all[0], all[1], all.at(-1)]).toEqual([
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    { type: "response.completed", response: whole({}) },
  ]);
  expect(events({ max_output_tokens: 16 }).at(-1)?.["type"]).toBe("response.incomplete");
});

test("a streamed text: item, part, deltas, and all of it again when it is done", () => {
  const text = introduction.slice(0, 64);
  const at = { item_id: "msg_2", output_index: 0, content_index: 0 };
  const delta = (piece: string) => ({
    type: "response.output_text.delta",
    ...at,
    delta: piece,
    logprobs: [],
  });
  expect(itemEvents({ max_output_tokens: 16 })).toEqual([
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...message("", "in_progress"), content: [] },
    },
    { type: "response.content_part.added", ...at, part: part("") },
    delta("This is the "),
    delta("demonstration upstream of "),
    delta("claude-proxy. No model "),
    delta("is "),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part: part(text) },
    { type: "response.output_item.done", output_index: 0, item: message(text, "incomplete") },
  ]);
});

test("streamed reasoning: the blob of the item that is added is not the whole one", () => {
  const items = itemEvents({ reasoning: { effort: "high", summary: "auto" }, max_output_tokens: 16 });
  const [first] = events({ reasoning: { effort: "high", summary: "auto" } })
    .filter(({ type }) => type === "response.output_item.done")
    .map(({ item }) => (isJsonObject(item) ? item : {}));
  const blob = String(first?.["encrypted_content"]);
  const at = { item_id: "rs_2", output_index: 0, summary_index: 0 };
  const summary = { type: "summary_text", text: thought };
  const delta = (piece: string) => ({ type: "response.reasoning_summary_text.delta", ...at, delta: piece });
  expect(items).toEqual([
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { id: "rs_2", type: "reasoning", encrypted_content: blob.slice(0, 16), summary: [] },
    },
    { type: "response.reasoning_summary_part.added", ...at, part: { ...summary, text: "" } },
    delta("This is a "),
    delta("sample of reasoning. "),
    delta("No model has "),
    delta("thought about it."),
    { type: "response.reasoning_summary_text.done", ...at, text: thought },
    { type: "response.reasoning_summary_part.done", ...at, part: summary },
    {
      type: "response.output_item.done",
      output_index: 0,
      item: { id: "rs_2", type: "reasoning", encrypted_content: blob, summary: [summary] },
    },
  ]);
});

test("a streamed call: its name and id come first, its arguments in pieces", () => {
  const all = itemEvents({ tools: [bash] });
  const first = all.findIndex(({ output_index: index }) => index === 1);
  const at = { item_id: "fc_3", output_index: 1 };
  const delta = (piece: string) => ({ type: "response.function_call_arguments.delta", ...at, delta: piece });
  const item = (status: string, json: string) => ({
    id: "fc_3",
    type: "function_call",
    status,
    arguments: json,
    call_id: "call_4",
    name: "Bash",
  });
  expect(all.slice(first)).toEqual([
    { type: "response.output_item.added", output_index: 1, item: item("in_progress", "") },
    delta(`{"command":"echo 'Hello `),
    delta("from the demonstration u"),
    delta("pstream of claude-proxy."),
    delta(`'"}`),
    { type: "response.function_call_arguments.done", ...at, name: "Bash", arguments: greeting },
    { type: "response.output_item.done", output_index: 1, item: item("completed", greeting) },
  ]);
});

const assistant = (...content: object[]) => ({ type: "message", role: "assistant", content });

test.each<[string, JsonObject, string, string | null, string | null]>([
  [
    "no model",
    { model: undefined },
    "Missing required parameter: 'model'.",
    "model",
    "missing_required_parameter",
  ],
  [
    "no input",
    { input: undefined },
    "Missing required parameter: 'input'.",
    "input",
    "missing_required_parameter",
  ],
  [
    "a reasoning item without a summary",
    { input: [question, { type: "reasoning", encrypted_content: "" }] },
    "Missing required parameter: 'input[1].summary'.",
    "input[1].summary",
    "missing_required_parameter",
  ],
  [
    "an item of no known type",
    { input: [{ type: "hologram" }] },
    "Invalid 'input[0].type': Invalid discriminator value. Expected 'message' | 'reasoning' | 'function_call' | 'function_call_output'.",
    "input[0].type",
    null,
  ],
  [
    "max_output_tokens below 16",
    { max_output_tokens: 5 },
    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
    "max_output_tokens",
    "integer_below_min_value",
  ],
  [
    "input_text of an assistant",
    { input: [question, assistant({ type: "output_text", text: "A" }, { type: "input_text", text: "B" })] },
    "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
    "input[1].content[1]",
    "invalid_value",
  ],
  [
    "output_text of a user",
    { input: [{ role: "user", content: [{ type: "output_text", text: "A" }] }] },
    "Invalid value: 'output_text'. Supported values are: 'input_text', 'input_image' and 'input_file'.",
    "input[0].content[0]",
    "invalid_value",
  ],
  [
    "an image of a system text",
    { input: [{ role: "system", content: [{ type: "input_image" }] }] },
    "Invalid value: 'input_image'. Supported value is: 'input_text'.",
    "input[0].content[0]",
    "invalid_value",
  ],
  [
    "an output without its call",
    { input: [question, output] },
    "No tool call found for function call output with call_id call_1.",
    "input",
    null,
  ],
  [
    "a second output of one call",
    { input: [call, output, output] },
    "No tool call found for function call output with call_id call_1.",
    "input",
    null,
  ],
  [
    "a call without its output",
    { input: [call, question] },
    "No tool output found for function call call_1.",
    "input",
    null,
  ],
  [
    "a tool of the form of Chat Completions",
    { tools: [{ type: "function", function: { name: "Bash" } }] },
    "Missing required parameter: 'tools[0].name'.",
    "tools[0].name",
    "missing_required_parameter",
  ],
])("%s is refused", (_, request, text, param, code) => {
  const body = { model: "m", input: [question], ...request };
  expect(answerResponsesRequest(body, (prefix) => prefix)).toEqual({
    type: "refusal",
    error: { message: text, type: "invalid_request_error", param, code },
  });
});
