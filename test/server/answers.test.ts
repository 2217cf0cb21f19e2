import { afterAll, beforeAll, expect, test } from "bun:test";
import { chunksOf, completionOf } from "../support/chunks.ts";
import { json, sse, status } from "../support/reply.ts";
import { hello, type Pair, readObject, startPair } from "../support/start-pair.ts";

let pair: Pair;

beforeAll(async () => {
  pair = await startPair();
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

const id = expect.stringMatching(/^req_[0-9A-Za-z]{24}$/);
/** What a server has to say about the connection and its own clock. */
const ofTheServer = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

/** The headers of an answer, but for those of the HTTP server. */
function headersOf(response: Response): object {
  return Object.fromEntries([...response.headers].filter(([name]) => !ofTheServer.includes(name)));
}

const upstreamHeaders = {
  "set-cookie": "a=b",
  "x-ratelimit-remaining-requests": "7",
  "anthropic-ratelimit-requests-remaining": "7",
};

test("[4.1:headers 8.1:ratelimit 8.1:others 3.1:model] a stream has these headers and no others", async () => {
  pair.upstream.reply(sse(chunksOf({ text: "hello" }), { headers: upstreamHeaders }));
  const response = await pair.post({ ...hello, stream: true });
  await response.text();
  expect(headersOf(response)).toEqual({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
    "request-id": id,
    "x-upstream-model": "medium-model",
  });
});

test("[8.1:ratelimit 8.1:others 3.1:model] a whole answer has these headers and no others", async () => {
  pair.upstream.reply(json(completionOf({ text: "hello" }), { headers: upstreamHeaders }));
  const response = await pair.post({ ...hello, model: "opus/é\n" });
  await response.text();
  expect(headersOf(response)).toEqual({
    "content-type": "application/json",
    "request-id": id,
    "x-upstream-model": "opus/??",
  });
});

test("[5.1:form 8.1:request-id] a failure has the Anthropic form, and its id in header and body", async () => {
  pair.upstream.reply(status(403, { error: { message: "no" } }, upstreamHeaders));
  const response = await pair.post(hello);
  expect(headersOf(response)).toEqual({
    "content-type": "application/json;charset=utf-8",
    "request-id": id,
    "x-should-retry": "false",
  });
  expect(await readObject(response)).toEqual({
    type: "error",
    error: {
      type: "permission_error",
      message: `${new URL(pair.upstream.baseUrl).host} refused this: no. Check BASE_URL, and what the key in OPENAI_API_KEY may use there`,
    },
    request_id: response.headers.get("request-id"),
  });
});

test.each([false, true])(
  "[1.1:max_tokens-0] warming a cache asks for nothing (stream: %p)",
  async (stream) => {
    const before = pair.upstream.requests.length;
    const response = await pair.post({ ...hello, max_tokens: 0, stream });
    const text = await response.text();
    expect(pair.upstream.requests.length).toBe(before);
    expect(text).toContain('"stop_reason":"max_tokens"');
    if (stream) return;
    expect(JSON.parse(text)).toMatchObject({
      content: [],
      stop_reason: "max_tokens",
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  },
);

test("[1.1:model-unknown] a model of no known tier is big, with one warning", async () => {
  pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
  const complaints = pair.proxy.complaints.length;
  for (const model of ["gpt-9", "gpt-9", "gpt-10", "claude-opus-5-5"]) {
    await readObject(await pair.post({ ...hello, model }));
    const asked = pair.upstream.requests.at(-1)?.body;
    expect(Object(asked).model).toBe("big-model");
  }
  expect(pair.proxy.complaints.slice(complaints)).toEqual([
    'unknown model; using BIG_MODEL_NAME {"requested":"gpt-9","model":"big-model"}',
    'unknown model; using BIG_MODEL_NAME {"requested":"gpt-10","model":"big-model"}',
  ]);
});

test("[8.1:dropped] the record of a request names what was left out of it", async () => {
  pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
  const before = pair.proxy.records.length;
  await readObject(await pair.post({ ...hello, top_k: 5, tomorrow: true }));
  const record = await pair.proxy.record(before);
  expect(record.dropped).toEqual(["top_k", "tomorrow"]);
});
