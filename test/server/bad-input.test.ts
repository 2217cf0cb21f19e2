import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { hello, type Pair, readFailure, startPair } from "../support/start-pair.ts";

let pair: Pair;

beforeAll(async () => {
  pair = await startPair();
});

afterEach(() => {
  expect(pair.upstream.requests.splice(0).map(({ path }) => path)).toEqual([]);
  expect(pair.proxy.complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

test.each([
  ["an empty body", "", "body: Field required"],
  ["broken JSON", '{"model":', "body: not valid JSON (JSON Parse error: Unexpected EOF)"],
  ["NaN", '{"max_tokens":NaN}', 'body: not valid JSON (JSON Parse error: Unexpected identifier "NaN")'],
  ["null", "null", "body: Invalid input: expected object, received null"],
  ["a list", "[]", "body: Invalid input: expected object, received array"],
  ["a number", "7", "body: Invalid input: expected object, received number"],
])("[5.2:ours] %s is a 400 about the body", async (_, body, message) => {
  expect(await readFailure(await pair.post(body))).toEqual([400, "invalid_request_error", message]);
});

const { model, max_tokens, messages } = hello;

test.each<[string, object, string]>([
  ["model", { max_tokens, messages }, "model: Field required"],
  ["max_tokens", { model, messages }, "max_tokens: Field required"],
  ["messages", { model, max_tokens }, "messages: Field required"],
])("[1.1:required] a request without %s names it", async (_, body, message) => {
  expect(await readFailure(await pair.post(body))).toEqual([400, "invalid_request_error", message]);
});

test.each<[string, object]>([
  ["model", { ...hello, model: 7 }],
  ["model", { ...hello, model: "" }],
  ["max_tokens", { ...hello, max_tokens: "100" }],
  ["max_tokens", { ...hello, max_tokens: -1 }],
  ["max_tokens", { ...hello, max_tokens: 1.5 }],
  ["messages", { ...hello, messages: [] }],
  ["messages", { ...hello, messages: "hi" }],
  ["messages.0.role", { ...hello, messages: [{ role: "tool", content: "x" }] }],
  ["messages.0", { ...hello, messages: [null] }],
  ["messages.0.content", { ...hello, messages: [{ role: "user", content: 7 }] }],
  ["messages.0.content.0", { ...hello, messages: [{ role: "user", content: ["x"] }] }],
  ["messages.0.content.0.text", { ...hello, messages: [{ role: "user", content: [{ type: "text" }] }] }],
  ["messages.0.content.0.source", { ...hello, messages: [{ role: "user", content: [{ type: "image" }] }] }],
  ["system", { ...hello, system: 7 }],
  ["system.0.text", { ...hello, system: [{ type: "text", text: 7 }] }],
  ["tools", { ...hello, tools: {} }],
  ["tools.0", { ...hello, tools: ["Bash"] }],
  ["tool_choice", { ...hello, tool_choice: "auto" }],
  ["tool_choice.name", { ...hello, tool_choice: { type: "tool" } }],
  ["temperature", { ...hello, temperature: "0" }],
  ["stop_sequences", { ...hello, stop_sequences: "END" }],
  ["stop_sequences", { ...hello, stop_sequences: Array.from({ length: 1001 }, () => "a") }],
  ["stop_sequences.1", { ...hello, stop_sequences: ["END", "a".repeat(1001)] }],
  ["model", { ...hello, model: "m".repeat(301) }],
  ["stream", { ...hello, stream: "yes" }],
  ["thinking", { ...hello, thinking: true }],
])("[1.1:required] a bad %s is named", async (field, body) => {
  const [status, type, message] = await readFailure(await pair.post(body));
  expect([status, type]).toEqual([400, "invalid_request_error"]);
  expect(message).toStartWith(`${field}: `);
});

test("[1.1:required] a request for a stream fails in the same form", async () => {
  const [status, type, message] = await readFailure(
    await pair.post({ ...hello, max_tokens: "7", stream: true }),
  );
  expect([status, type]).toEqual([400, "invalid_request_error"]);
  expect(message).toStartWith("max_tokens: ");
});

test.each<[string, object, string]>([
  ["mcp_servers", { mcp_servers: [{ type: "url", url: "https://x", name: "x" }] }, "mcp_servers"],
  ["thread", { thread: { id: "t" } }, "threads are not supported"],
  ["compaction", { compaction: { type: "auto" } }, "compaction is not supported by this proxy"],
])(
  "[1.1:compaction 1.1:mcp_servers 1.1:thread] %s is refused, because the answer would mean something else",
  async (_, more, words) => {
    const [status, type, message] = await readFailure(await pair.post({ ...hello, ...more }));
    expect([status, type]).toEqual([400, "invalid_request_error"]);
    expect(message).toContain(words);
  },
);

test.each([["text/plain"], ["application/x-www-form-urlencoded"], ["multipart/form-data; boundary=x"]])(
  "a body of type %s is refused: a web page's form could send it",
  async (type) => {
    const response = await pair.post(hello, { headers: { "content-type": type } });
    expect(await readFailure(response)).toEqual([
      415,
      "invalid_request_error",
      "content-type: expected application/json",
    ]);
  },
);

test("invalid UTF-8 is not replaced silently", async () => {
  const response = await fetch(`${pair.proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff]), Buffer.from('"}')]),
  });
  expect(await readFailure(response)).toEqual([400, "invalid_request_error", "body: not valid UTF-8"]);
});

const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const head = `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}`;

test.each([
  ["a field nobody reads", `${head}],"metadata":{"x":${deep}}}`],
  ["the schema of a tool", `${head}],"tools":[{"name":"a","input_schema":{"type":"object","x":${deep}}}]}`],
  [
    "the input of a call",
    `${head},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"a","input":{"x":${deep}}}]}]}`,
  ],
])("JSON of a great depth in %s is refused", async (_, body) => {
  expect(await readFailure(await pair.post(body))).toEqual([
    400,
    "invalid_request_error",
    "body: nested deeper than 500 levels",
  ]);
});

test("[5.2:ours] a body of 40 MB is a 413", async () => {
  const body = JSON.stringify({ ...hello, system: "x".repeat(40 * 1024 * 1024) });
  expect(await readFailure(await pair.post(body))).toEqual([
    413,
    "request_too_large",
    "body: exceeds the 32 MB limit",
  ]);
});

test("[5.2:ours] 100 MB are refused by their announced length, before they are sent", async () => {
  const head = `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${pair.proxy.port}\r\ncontent-type: application/json\r\n`;
  const answer = await sendRaw(`${head}content-length: 104857600\r\n\r\n{`);
  expect(answer.slice(0, 13)).toBe("HTTP/1.1 413 ");
  expect(answer).toContain('"type":"request_too_large"');
});

test.each([
  ["another name", "evil.example"],
  ["a user part", "127.0.0.1@evil.example"],
  ["the unspecified address", "0.0.0.0"],
])("a request for %s gets 403", async (_, host) => {
  const answer = await sendRaw(`GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  expect(answer.slice(0, 13)).toBe("HTTP/1.1 403 ");
  expect(answer).toContain('"type":"permission_error"');
});

test.each<[string, Record<string, string>]>([
  ["an origin", { origin: "http://localhost:3000" }],
  ["another site", { "sec-fetch-site": "cross-site" }],
])("a request from %s gets 403 and no CORS header", async (_, headers) => {
  const response = await pair.post(hello, { headers });
  const [status, type] = await readFailure(response);
  expect([status, type]).toEqual([403, "permission_error"]);
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
});

/** Sends bytes as they are and gives what comes back until the first body arrives or the connection ends. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(pair.proxy.port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (bytes) => {
      answer += bytes.toString("utf8");
      if (answer.includes("request_id")) socket.end();
    });
    socket.on("close", () => resolve(answer));
  });
}
