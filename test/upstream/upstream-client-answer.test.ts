import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { json, sse, sseOf, whole } from "../support/reply.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { clientOf, failureOf, readAll, send, sourceOf } from "./client-of.ts";
import { chunk, done, malformed, reported } from "./plain-items.ts";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

const encoder = new TextEncoder();
const completion = { id: "c", choices: [{ index: 0, message: { content: "ok" } }] };
const pause = { waitMs: 20 };

describe("a stream", () => {
  test("[4.2:done] gives the items of one read after the other, then the end", async () => {
    upstream.reply(sse([{ a: 1 }, { b: 2 }], { paceMs: 20 }));
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.info).toEqual({ upstreamRequestId: null, attempts: 1 });
    expect(await readAll(answer)).toEqual([[chunk({ a: 1 })], [chunk({ b: 2 })], [done]]);
  });

  test("[4.2:lines] reads over comments", async () => {
    const comment = encoder.encode(": OPENROUTER PROCESSING\n\n");
    upstream.reply(sseOf([comment, pause, comment, pause, encoder.encode('data: {"a":1}\n\n')]));
    expect(await readAll(await send(clientOf(upstream.baseUrl)))).toEqual([[chunk({ a: 1 })]]);
  });

  test("[4.2:lines] keeps what a read cut off", async () => {
    upstream.reply(sse([{ a: "é" }], { splitAt: [3, 12, 13, 14, 15], paceMs: 10 }));
    expect((await readAll(await send(clientOf(upstream.baseUrl)))).flat()).toEqual([chunk({ a: "é" }), done]);
  });

  test("is opened by its head alone", async () => {
    upstream.reply(sseOf([], "stall"));
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.kind).toBe("events");
    sourceOf(answer).cancel();
    expect(await (await upstream.request(upstream.requests.length - 1)).closedByPeer).toBeNumber();
  });

  test("[4.2:not-json] ends with a failure", async () => {
    upstream.reply(sse(["data: {oops\n\n", { a: 1 }]));
    expect(await readAll(await send(clientOf(upstream.baseUrl)))).toEqual([
      [malformed("The upstream sent an event that is not a JSON object: {oops")],
    ]);
  });

  test("[4.2:not-json] that has failed is given up", async () => {
    upstream.reply(sseOf([encoder.encode("data: {oops\n\n")], "stall"));
    const index = upstream.requests.length;
    await readAll(await send(clientOf(upstream.baseUrl)));
    expect(await (await upstream.request(index)).closedByPeer).toBeNumber();
  });

  test("[4.2:error] tells of an `event: error`", async () => {
    upstream.reply(sse(['event: error\ndata: {"error":{"message":"no"}}\n\n']));
    expect(await readAll(await send(clientOf(upstream.baseUrl)))).toEqual([
      [reported({ error: { message: "no" } })],
    ]);
  });

  test("that ends with its connection ends", async () => {
    upstream.reply(sse([{ a: 1 }], { framing: "until-close", done: false }));
    expect((await readAll(await send(clientOf(upstream.baseUrl)))).flat()).toEqual([chunk({ a: 1 })]);
  });

  test("an empty one gives nothing", async () => {
    upstream.reply(sse([], { done: false }));
    expect(await readAll(await send(clientOf(upstream.baseUrl)))).toEqual([]);
  });

  test("[8.1:request-id] tells the upstream's id of the answer", async () => {
    for (const name of ["x-request-id", "x-generation-id", "request-id"]) {
      upstream.reply(sse([], { headers: { [name]: "r-1" } }));
      const answer = await send(clientOf(upstream.baseUrl));
      expect(answer.info.upstreamRequestId).toBe("r-1");
      sourceOf(answer).cancel();
    }
  });

  test("comes after 100 and 103", async () => {
    const reply = sse([{ a: 1 }]);
    upstream.reply({
      ...reply,
      head: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${reply.head}`,
    });
    expect((await readAll(await send(clientOf(upstream.baseUrl)))).flat()).toEqual([chunk({ a: 1 }), done]);
  });
});

describe("a whole answer", () => {
  test("[4.8:json] is JSON, asked for or not", async () => {
    for (const stream of [true, false]) {
      upstream.reply(json(completion));
      expect(await send(clientOf(upstream.baseUrl), { stream })).toEqual({
        kind: "whole",
        item: completion,
        info: { upstreamRequestId: null, attempts: 1 },
      });
    }
  });

  test("[4.8:json] may have no choices", async () => {
    upstream.reply(json({ id: "c" }));
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.kind === "whole" && answer.item).toEqual({ id: "c" });
  });

  test("comes after blanks that keep the connection alive", async () => {
    const blanks = Array.from({ length: 3 }, () => [encoder.encode("\n \n"), pause]).flat();
    const reply = whole(JSON.stringify(completion), {
      headers: { "content-type": null, "content-length": null },
      end: "fin",
    });
    upstream.reply({ ...reply, body: [...blanks, ...reply.body] });
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.kind === "whole" && answer.item).toEqual(completion);
  });

  test("is no longer for the blanks before it", async () => {
    const blanks = encoder.encode(" ".repeat(2000));
    const reply = whole(JSON.stringify(completion), { headers: { "content-length": null }, end: "fin" });
    upstream.reply({ ...reply, body: [blanks, pause, ...reply.body] });
    const answer = await send(clientOf(upstream.baseUrl, { limits: { wholeBodyBytes: 1000 } }));
    expect(answer.kind === "whole" && answer.item).toEqual(completion);
  });

  test("may come in pieces, a character between two of them", async () => {
    const bytes = encoder.encode(JSON.stringify({ id: "c", choices: [{ message: { content: "schön" } }] }));
    const middle = bytes.indexOf(0xc3) + 1;
    const reply = whole("", {
      headers: { "content-type": "application/json", "content-length": null },
      end: "fin",
    });
    upstream.reply({ ...reply, body: [bytes.subarray(0, middle), pause, bytes.subarray(middle)] });
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.kind === "whole" && answer.item).toEqual({
      id: "c",
      choices: [{ message: { content: "schön" } }],
    });
  });

  test("[F15] that tells its length twice is as long as one that does once", async () => {
    const long = whole({ ...completion, id: "x".repeat(2000) }, { end: "fin" });
    const head = (long.head ?? "").replace(/content-length: \d+\r\n/, (line) => line + line);
    upstream.reply({ ...long, head });
    const error = await failureOf(send(clientOf(upstream.baseUrl, { limits: { wholeBodyBytes: 1000 } })));
    expect(error.message).toBe("The upstream's answer is longer than 1000 bytes");
  });

  test("may be compressed", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    upstream.reply(whole(gzipSync(JSON.stringify(completion)), { headers }));
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.kind === "whole" && answer.item).toEqual(completion);
  });

  test.each([
    [
      "[5.4:status] an error in a success",
      { error: { code: 429, message: "no" } },
      { error: { code: 429, message: "no" } },
    ],
    ["[5.4:status] an error that is a text", { error: "no" }, { error: "no" }],
    ["[5.4:status] an error in an array (Gemini)", [{ error: { code: 400 } }], { error: { code: 400 } }],
    [
      "[5.4:status] an error beside empty choices",
      { error: "no", choices: [] },
      { error: "no", choices: [] },
    ],
  ])("%s is thrown", async (_name, body, expected) => {
    upstream.reply(json(body));
    const error = await failureOf(send(clientOf(upstream.baseUrl)));
    expect({ kind: error.kind, status: error.status, body: error.body }).toEqual({
      kind: "http",
      status: 200,
      body: expected,
    });
  });

  test("[5.4:text-first] an error beside an answer is left to the translation", async () => {
    upstream.reply(json({ ...completion, error: "no" }));
    const answer = await send(clientOf(upstream.baseUrl));
    expect(answer.kind === "whole" && answer.item).toEqual({ ...completion, error: "no" });
  });
});

describe("an answer with a wrong or no content type", () => {
  const events = 'data: {"a":1}\n\ndata: [DONE]\n\n';
  test.each([
    ["text/plain", events],
    ["application/json", events],
    [null, events],
    [null, ': hi\n\ndata: {"a":1}\n\ndata: [DONE]\n\n'],
  ])("[4.8:sniff] %p is a stream when it begins like one", async (contentType, body) => {
    upstream.reply(whole(body, { headers: { "content-type": contentType } }));
    expect((await readAll(await send(clientOf(upstream.baseUrl)))).flat()).toEqual([chunk({ a: 1 }), done]);
  });

  test("[4.8:sniff] is a stream although it comes byte by byte", async () => {
    const reply = sse([{ a: 1 }], {
      headers: { "content-type": null },
      splitAt: [1, 2, 3, 4, 5],
      paceMs: 10,
    });
    upstream.reply(reply);
    expect((await readAll(await send(clientOf(upstream.baseUrl)))).flat()).toEqual([chunk({ a: 1 }), done]);
  });

  test.each(["text/html", "text/event", null])(
    "[4.8:sniff] %p is whole when it begins with a brace",
    async (contentType) => {
      upstream.reply(whole(JSON.stringify(completion), { headers: { "content-type": contentType } }));
      const answer = await send(clientOf(upstream.baseUrl));
      expect(answer.kind === "whole" && answer.item).toEqual(completion);
    },
  );
});

describe("an answer that is no Chat Completions", () => {
  const none = (what: string) => () =>
    `${new URL(upstream.baseUrl).host} answered ${what} and no chat completion. Check the setting BASE_URL`;
  const page = "<html><head><title>Welcome</title></head><body><script>evil()</script></body></html>";
  test.each([
    ["a page", whole(page, { headers: { "content-type": "text/html" } }), none("text/html (Welcome)")],
    ["a text", whole("hello there"), none("text/plain (hello there)")],
    [
      "a text without a type",
      whole("hello there", { headers: { "content-type": null } }),
      none("no content type (hello there)"),
    ],
    ["nothing", whole(""), none("200 with an empty body")],
    ["204", { ...whole(""), head: "HTTP/1.1 204 No Content\r\n\r\n" }, none("204 with an empty body")],
    [
      "broken JSON",
      whole('{"choices":[', { headers: { "content-type": "application/json" } }),
      'The upstream\'s answer is not JSON: {"choices":[',
    ],
    ["JSON that is no object", json([7]), "The upstream's answer is not a JSON object"],
  ])("[4.8:page] %s is malformed", async (_name, reply, said) => {
    upstream.reply(reply);
    const error = await failureOf(send(clientOf(upstream.baseUrl)));
    const message = typeof said === "string" ? said : said();
    expect({ kind: error.kind, message: error.message }).toEqual({ kind: "malformed", message });
  });

  test("[4.8] a whole answer beyond the limit is given up", async () => {
    upstream.reply(json({ choices: [{ message: { content: "x".repeat(2000) } }] }));
    const client = clientOf(upstream.baseUrl, { limits: { wholeBodyBytes: 1000 } });
    const error = await failureOf(send(client));
    expect({ kind: error.kind, message: error.message }).toEqual({
      kind: "malformed",
      message: "The upstream's answer is longer than 1000 bytes",
    });
  });

  test("[4.8] a whole answer beyond the limit is not read on: its connection is closed", async () => {
    const piece = encoder.encode(" ".repeat(500) + "x".repeat(500));
    const reply = whole("", {
      headers: { "content-type": "application/json", "content-length": null },
      end: "stall",
    });
    upstream.reply({ ...reply, body: [encoder.encode("{"), pause, piece, pause, piece] });
    const index = upstream.requests.length;
    const client = clientOf(upstream.baseUrl, { limits: { wholeBodyBytes: 1000 } });
    expect((await failureOf(send(client))).message).toBe("The upstream's answer is longer than 1000 bytes");
    expect(await (await upstream.request(index)).closedByPeer).toBeNumber();
  });

  test("[4.8] a whole answer of exactly the limit is taken", async () => {
    const text = JSON.stringify(completion);
    const reply = whole("", { headers: { "content-type": null, "content-length": null }, end: "fin" });
    upstream.reply({ ...reply, body: [encoder.encode(text)] });
    const client = clientOf(upstream.baseUrl, { limits: { wholeBodyBytes: text.length } });
    const answer = await send(client);
    expect(answer.kind === "whole" && answer.item).toEqual(completion);
  });
});
