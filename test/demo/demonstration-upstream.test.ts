import { afterAll, expect, test } from "bun:test";
import { startDemonstrationUpstream, type UpstreamTraffic } from "../../src/demo/demonstration-upstream.ts";
import type { JsonObject } from "../../src/json/json-value.ts";

const traffic: UpstreamTraffic[] = [];
const upstream = startDemonstrationUpstream({ onTraffic: (passed) => traffic.push(passed) });
afterAll(() => upstream.stop());

const introduction = "This is the demonstration upstream of claude-proxy. No model is behind this answer.";
const question = { role: "user", content: "Say hello." };
const bash = {
  type: "function",
  function: { name: "Bash", parameters: { type: "object", properties: { command: { type: "string" } } } },
};

function post(body: unknown, url = upstream.url) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${url}/chat/completions`, { method: "POST", body: text });
}

/** The data lines of a stream; the form of the stream itself is checked on the way. */
async function dataLines(response: Response): Promise<string[]> {
  const events = (await response.text()).split("\n\n");
  expect(events.pop()).toBe("");
  return events.map((event) => {
    expect(event).toStartWith("data: ");
    return event.slice("data: ".length);
  });
}

/** Choices and usage of each chunk; the members that all chunks share are checked on the way. */
function contentOfChunks(lines: string[], model: string): unknown[] {
  return lines.map((line) => {
    const { id, object, created, model: chunkModel, ...content } = JSON.parse(line);
    expect([object, chunkModel]).toEqual(["chat.completion.chunk", model]);
    expect(id).toMatch(/^chatcmpl-[0-9a-f]{24}$/);
    expect(created).toBeInteger();
    return content;
  });
}

test("a whole answer", async () => {
  const response = await post({ model: "demonstration", messages: [question] });
  const body = await response.json();
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "application/json;charset=utf-8",
  ]);
  expect(body).toEqual({
    id: expect.stringMatching(/^chatcmpl-[0-9a-f]{24}$/),
    object: "chat.completion",
    created: expect.any(Number),
    model: "demonstration",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: `${introduction}\n\nIt received 1 message and 0 tools for the model demonstration.\n\nYou sent: "Say hello."`,
          refusal: null,
        },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 43, total_tokens: 55 },
  });
});

test("a whole answer with a tool call", async () => {
  const response = await post({ model: "demonstration", messages: [question], tools: [bash] });
  const body = JSON.parse(await response.text());
  const [choice] = body.choices;
  expect(choice.finish_reason).toBe("tool_calls");
  expect(choice.message.tool_calls).toEqual([
    {
      id: expect.stringMatching(/^call_[0-9a-f]{24}$/),
      type: "function",
      function: {
        name: "Bash",
        arguments: `{"command":"echo 'Hello from the demonstration upstream of claude-proxy.'"}`,
      },
    },
  ]);
});

test("a streamed answer: role, text, finish reason, [DONE]", async () => {
  const response = await post({ model: "m", messages: [question], stream: true, max_tokens: 10 });
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  const lines = await dataLines(response);
  expect(lines.pop()).toBe("[DONE]");
  const delta = (content: JsonObject) => ({ choices: [{ index: 0, delta: content, finish_reason: null }] });
  expect(contentOfChunks(lines, "m")).toEqual([
    delta({ role: "assistant", content: "" }),
    delta({ content: "This is the " }),
    delta({ content: "demonstration upstream of " }),
    delta({ content: "cl" }),
    { choices: [{ index: 0, delta: {}, finish_reason: "length" }] },
  ]);
});

test("a streamed tool call with usage", async () => {
  const lines = await dataLines(
    await post({
      model: "m",
      messages: [question],
      tools: [bash],
      stream: true,
      stream_options: { include_usage: true },
    }),
  );
  expect(lines.pop()).toBe("[DONE]");
  const chunks = contentOfChunks(lines, "m");
  const firstCall = chunks.findIndex((chunk) => JSON.stringify(chunk).includes("tool_calls"));
  const callDelta = (call: JsonObject) => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call }] }, finish_reason: null }],
    usage: null,
  });
  const piece = (text: string) => callDelta({ function: { arguments: text } });
  expect(chunks.slice(firstCall)).toEqual([
    callDelta({
      id: expect.stringMatching(/^call_[0-9a-f]{24}$/),
      type: "function",
      function: { name: "Bash", arguments: "" },
    }),
    piece(`{"command":"echo 'Hello `),
    piece("from the demonstration u"),
    piece("pstream of claude-proxy."),
    piece(`'"}`),
    { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }], usage: null },
    { choices: [], usage: { prompt_tokens: 42, completion_tokens: 69, total_tokens: 111 } },
  ]);
});

test("the streamed text is the text of the whole answer", async () => {
  const request = { model: "m", messages: [{ role: "user", content: "Grüße 👋\n\n  and   more  " }] };
  const whole = JSON.parse(await (await post(request)).text());
  const lines = await dataLines(await post({ ...request, stream: true }));
  const pieces = lines.slice(0, -1).map((line) => JSON.parse(line).choices[0].delta.content ?? "");
  expect(pieces.join("")).toBe(whole.choices[0].message.content);
});

test("what passes is told in order", async () => {
  traffic.length = 0;
  const request = { model: "m", messages: [question], unknown_member: 1 };
  const whole = JSON.parse(await (await post(request)).text());
  const streamed = { ...request, stream: true };
  const lines = await dataLines(await post(streamed));
  const [first] = traffic;
  const exchange = first?.exchange ?? 0;
  expect(traffic).toEqual([
    { type: "request", exchange, path: "/v1/chat/completions", body: request },
    { type: "completion", exchange, body: whole },
    { type: "request", exchange: exchange + 1, path: "/v1/chat/completions", body: streamed },
    ...lines.map((data) => ({ type: "chunk" as const, exchange: exchange + 1, data })),
  ]);
});

test("responses are served beside completions: whole, and streamed with the names of the events", async () => {
  traffic.length = 0;
  const path = "/v1/responses";
  const ask = async (body: JsonObject) => {
    const response = await fetch(`${upstream.url}/responses`, { method: "POST", body: JSON.stringify(body) });
    return { type: response.headers.get("content-type"), text: await response.text() };
  };
  const request = { model: "m", input: "Say hello." };
  const streamed = { ...request, stream: true };
  const whole = await ask(request);
  const stream = await ask(streamed);
  const events = stream.text.split("\n\n").slice(0, -1);
  const data = events.map((event) => event.replace(/^event: .*\ndata: /, ""));
  expect([whole.type, stream.type]).toEqual([
    "application/json;charset=utf-8",
    "text/event-stream; charset=utf-8",
  ]);
  expect(events).toEqual(data.map((json) => `event: ${JSON.parse(json).type}\ndata: ${json}`));
  expect(JSON.parse(whole.text)).toMatchObject({ object: "response", status: "completed" });
  expect(JSON.parse(data.at(-1) ?? "")).toMatchObject({ type: "response.completed" });
  const exchange = traffic[0]?.exchange ?? 0;
  expect(traffic).toEqual([
    { type: "request", exchange, path, body: request },
    { type: "response", exchange, body: JSON.parse(whole.text) },
    { type: "request", exchange: exchange + 1, path, body: streamed },
    ...data.map((json) => ({ type: "response event" as const, exchange: exchange + 1, data: json })),
  ]);
});

test("a responses request that is refused gets a 400", async () => {
  const response = await fetch(`${upstream.url}/responses`, { method: "POST", body: '{"model":"m"}' });
  expect([response.status, await response.json()]).toEqual([
    400,
    {
      error: {
        message: "Missing required parameter: 'input'.",
        type: "invalid_request_error",
        param: "input",
        code: "missing_required_parameter",
      },
    },
  ]);
});

test("the models", async () => {
  const response = await fetch(`${upstream.url}/models`);
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      object: "list",
      data: [{ id: "demonstration", object: "model", created: 0, owned_by: "claude-proxy" }],
    },
  ]);
});

const toolCall = { id: "call_1", type: "function", function: { name: "Bash", arguments: "{}" } };

test.each([
  ["broken JSON", "{", null],
  ["a list", [], null],
  ["no model", { messages: [question] }, "model"],
  ["no messages", { model: "m", messages: [] }, "messages"],
  ["an unknown role", { model: "m", messages: [{ role: "human", content: "" }] }, "messages.0.role"],
  ["a user without content", { model: "m", messages: [{ role: "user" }] }, "messages.0.content"],
  [
    "an assistant with neither content nor calls",
    { model: "m", messages: [{ role: "assistant", content: null }] },
    "messages.0.content",
  ],
  [
    "an assistant with an empty list of calls",
    { model: "m", messages: [{ role: "assistant", content: "", tool_calls: [] }] },
    "messages.0.tool_calls",
  ],
  [
    "a tool call with arguments that are no text",
    {
      model: "m",
      messages: [
        {
          role: "assistant",
          tool_calls: [{ ...toolCall, function: { name: "Bash", arguments: {} } }],
        },
      ],
    },
    "messages.0.tool_calls.0.function.arguments",
  ],
  [
    "a tool message without id",
    { model: "m", messages: [{ role: "tool", content: "" }] },
    "messages.0.tool_call_id",
  ],
  ["an empty list of tools", { model: "m", messages: [question], tools: [] }, "tools"],
  ["max_tokens 0", { model: "m", messages: [question], max_tokens: 0 }, "max_tokens"],
  ["five stop sequences", { model: "m", messages: [question], stop: ["1", "2", "3", "4", "5"] }, "stop"],
])("%s is refused in OpenAI's form", async (_name, body, param) => {
  const response = await post(body);
  expect([response.status, await response.json()]).toEqual([
    400,
    {
      error: {
        message: expect.stringMatching(
          param === null ? /^The body is not a JSON object\.$/ : `Invalid ${param}: `,
        ),
        type: "invalid_request_error",
        param,
        code: null,
      },
    },
  ]);
});

test.each([
  ["GET", "/v1/chat/completions"],
  ["GET", "/v1/responses"],
  ["POST", "/v1/responses/resp_1"],
  ["POST", "/v1/models"],
  ["GET", "/"],
])("%s %s is not found", async (method, path) => {
  const response = await fetch(new URL(path, upstream.url), { method });
  expect([response.status, await response.json()]).toEqual([
    404,
    {
      error: {
        message: `Unknown request URL: ${method} ${path}.`,
        type: "invalid_request_error",
        param: null,
        code: null,
      },
    },
  ]);
});

test("a reader that goes away ends the stream", async () => {
  const passed: UpstreamTraffic[] = [];
  const paced = startDemonstrationUpstream({ onTraffic: (item) => passed.push(item), paceMs: 20 });
  const response = await post({ model: "m", messages: [question], stream: true }, paced.url);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await Bun.sleep(60);
  const countSoonAfter = passed.length;
  await Bun.sleep(200);
  expect(passed.length).toBe(countSoonAfter);
  expect(passed.some((item) => item.type === "chunk" && item.data === "[DONE]")).toBe(false);
  await paced.stop();
});

test("it listens on the loopback address only", () => {
  expect(upstream.url).toBe(`http://127.0.0.1:${upstream.port}/v1`);
});
