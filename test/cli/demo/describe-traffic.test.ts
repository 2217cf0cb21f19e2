import { expect, test } from "bun:test";
import { describeRequest } from "../../../src/cli/demo/describe-request.ts";
import { describeStreamEvent, describeUpstreamTraffic } from "../../../src/cli/demo/describe-traffic.ts";
import type { JsonObject } from "../../../src/json/json-value.ts";

const events: [JsonObject, string, string][] = [
  [
    { type: "message_start", message: { id: "msg_1", model: "m", usage: {} } },
    "message_start",
    'model="m"  id="msg_1"',
  ],
  [
    {
      type: "content_block_start",
      index: 1,
      content_block: { type: "tool_use", id: "call_1", name: "Bash" },
    },
    "content_block_start",
    '1  type="tool_use"  name="Bash"  id="call_1"',
  ],
  [
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a\n" } },
    "content_block_delta",
    '0  "a\\n"',
  ],
  [
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"' } },
    "content_block_delta",
    '1  "{\\""',
  ],
  [{ type: "content_block_stop", index: 1 }, "content_block_stop", "1"],
  [
    {
      type: "message_delta",
      delta: { stop_reason: "tool_use" },
      usage: { input_tokens: 1, output_tokens: 2 },
    },
    "message_delta",
    'stop_reason="tool_use"  input_tokens=1  output_tokens=2',
  ],
  [{ type: "message_stop" }, "message_stop", ""],
  [{ type: "ping" }, "ping", ""],
  [{ type: "error", error: { type: "api_error", message: "no" } }, "error", 'type="api_error"  message="no"'],
];

test.each(events)("the stream event %j", (event, title, value) => {
  expect(describeStreamEvent(event)).toEqual({ direction: "answer", title, value, fields: [] });
});

const choice = (delta: JsonObject, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});

const chunks: [JsonObject, string, string][] = [
  [choice({ role: "assistant", content: "" }), "delta.role", '"assistant"'],
  [choice({ content: "a" }), "delta.content", '"a"'],
  [
    choice({ tool_calls: [{ index: 0, id: "call_1", function: { name: "Bash", arguments: "" } }] }),
    "delta.tool_calls[0]",
    'name="Bash"  id="call_1"',
  ],
  [choice({ tool_calls: [{ index: 0, function: { arguments: "{}" } }] }), "delta.tool_calls[0]", '"{}"'],
  [choice({}, "stop"), "finish_reason", '"stop"'],
  [
    { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } },
    "usage",
    "prompt_tokens=1  completion_tokens=2",
  ],
];

test.each(chunks)("the chunk %j", (chunk, title, value) => {
  const traffic = { type: "chunk", exchange: 1, data: JSON.stringify(chunk) } as const;
  expect(describeUpstreamTraffic(traffic)).toEqual({ direction: "answer", title, value, fields: [] });
});

test("the end of a stream", () => {
  expect(describeUpstreamTraffic({ type: "chunk", exchange: 1, data: "[DONE]" })).toEqual({
    direction: "answer",
    title: "[DONE]",
    value: "",
    fields: [],
  });
});

test("a whole answer", () => {
  const body = { id: "chatcmpl-1", choices: [{ index: 0 }] };
  expect(describeUpstreamTraffic({ type: "completion", exchange: 1, body })).toEqual({
    direction: "answer",
    title: "completion",
    value: '[{"index":0}]',
    fields: [],
  });
});

test("a chat request, each message and tool on a row", () => {
  const body = {
    model: "m",
    stream_options: { include_usage: true },
    messages: [
      { role: "system", content: "s" },
      { role: "user", content: "u" },
    ],
    tools: [{ type: "function", function: { name: "Bash", parameters: {} } }],
    stop: ["x"],
  };
  expect(
    describeUpstreamTraffic({ type: "request", exchange: 1, path: "/v1/chat/completions", body }),
  ).toEqual({
    direction: "request",
    title: "POST /v1/chat/completions",
    value: "",
    fields: [
      { name: "model", value: '"m"' },
      { name: "stream_options", value: '{"include_usage":true}' },
      { name: "messages[0]", value: 'system "s"' },
      { name: "messages[1]", value: 'user "u"' },
      { name: "tools[0]", value: "function Bash {}" },
      { name: "stop[0]", value: '"x"' },
    ],
  });
});

const item = { id: "msg_1", type: "message", status: "completed", content: [] };

const responseEvents: [JsonObject, string, string][] = [
  [
    { type: "response.created", response: { id: "resp_1", model: "m", output: [] } },
    "created",
    'model="m"  id="resp_1"',
  ],
  [{ type: "response.in_progress", response: { id: "resp_1" } }, "in_progress", ""],
  [{ type: "response.output_item.added", output_index: 0, item }, "output_item.added", 'type="message"'],
  [
    {
      type: "response.output_item.added",
      item: { id: "fc_1", type: "function_call", name: "Bash", call_id: "call_1", arguments: "" },
    },
    "output_item.added",
    'type="function_call"  name="Bash"  call_id="call_1"',
  ],
  [{ type: "response.content_part.added", part: { text: "" } }, "content_part.added", ""],
  [{ type: "response.output_text.delta", delta: "a\n", logprobs: [] }, "output_text.delta", '"a\\n"'],
  [{ type: "response.output_text.done", text: "a\n" }, "output_text.done", ""],
  [
    { type: "response.function_call_arguments.delta", delta: '{"' },
    "function_call_arguments.delta",
    '"{\\""',
  ],
  [
    { type: "response.output_item.done", item: { type: "reasoning", summary: [], encrypted_content: "b" } },
    "output_item.done",
    'type="reasoning"  encrypted_content="b"',
  ],
  [
    { type: "response.completed", response: { usage: { input_tokens: 1, output_tokens: 2 } } },
    "completed",
    "input_tokens=1  output_tokens=2",
  ],
  [
    { type: "response.incomplete", response: { usage: { input_tokens: 1, output_tokens: 2 } } },
    "incomplete",
    "input_tokens=1  output_tokens=2",
  ],
];

test.each(responseEvents)("the response event %j", (event, title, value) => {
  const traffic = { type: "response event", exchange: 1, data: JSON.stringify(event) } as const;
  expect(describeUpstreamTraffic(traffic)).toEqual({ direction: "answer", title, value, fields: [] });
});

test("a whole response", () => {
  const body = { id: "resp_1", output: [item] };
  expect(describeUpstreamTraffic({ type: "response", exchange: 1, body })).toEqual({
    direction: "answer",
    title: "response",
    value: JSON.stringify([item]),
    fields: [],
  });
});

test("a responses request, each input item and tool on a row", () => {
  const body = {
    model: "m",
    instructions: "s",
    input: [{ type: "message", role: "user", content: "u" }],
    tools: [{ type: "function", name: "Bash", parameters: {}, strict: false }],
    include: ["reasoning.encrypted_content"],
  };
  const traffic = { type: "request", exchange: 1, path: "/v1/responses", body } as const;
  expect(describeUpstreamTraffic(traffic)).toEqual({
    direction: "request",
    title: "POST /v1/responses",
    value: "",
    fields: [
      { name: "model", value: '"m"' },
      { name: "instructions", value: '"s"' },
      { name: "input[0]", value: 'message user "u"' },
      { name: "tools[0]", value: "function Bash {}" },
      { name: "include[0]", value: '"reasoning.encrypted_content"' },
    ],
  });
});

test("a messages request", () => {
  const body = { system: "s", tools: [{ name: "Bash", input_schema: { type: "object" } }] };
  expect(describeRequest("/v1/messages", body)).toEqual({
    direction: "request",
    title: "POST /v1/messages",
    value: "",
    fields: [
      { name: "system", value: '"s"' },
      { name: "tools[0]", value: 'Bash {"type":"object"}' },
    ],
  });
});
