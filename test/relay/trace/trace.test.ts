import { describe, expect, test } from "bun:test";
import type { UpstreamSettings } from "../../../src/config/upstream-settings.ts";
import type { BodyKeeper } from "../../../src/record/bodies/body-keeper.ts";
import { createBodyKeepers } from "../../../src/record/bodies/create-body-keepers.ts";
import type { RequestTrace } from "../../../src/record/request-trace.ts";
import { messageEvents, stream as passedStream } from "../../support/anthropic-upstream.ts";
import { chunk, completionOf, stopChunk } from "../../support/chunks.ts";
import { collectTraces, textOfReply, textsOf } from "../../support/collect-traces.ts";
import { createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { hangUp, json, sse, sseOf, status } from "../../support/reply.ts";
import { hello, type PairOptions, startPair } from "../../support/start-pair.ts";

const anyMs = expect.any(Number);
const answered = [chunk({ content: "Hé" }), chunk({ content: "llo" }), stopChunk];

async function startTraced(options: PairOptions = {}) {
  const traces = collectTraces();
  const pair = await startPair({ ...options, watching: traces.watching });
  const host = new URL(pair.upstream.baseUrl).host;
  const send = { upstream: host, model: "medium-model", key: null, startMs: anyMs, ms: anyMs };
  return {
    ...pair,
    host,
    ended: traces.ended,
    /** A send of the only upstream that was answered. */
    sent: (changes: object = {}) => ({ ...send, status: 200, error: null, ...changes }),
    [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
  };
}

const noBodies = ({ bodies: _, ...trace }: RequestTrace) => trace;

describe("a request without a configuration file", () => {
  test("that is streamed: who, where, how much, and the four messages", async () => {
    await using pair = await startTraced();
    const reply = sse(answered);
    pair.upstream.reply(reply);
    const body = JSON.stringify({ ...hello, stream: true });
    const headers = {
      "x-claude-code-agent-id": "a1",
      "x-claude-code-parent-agent-id": "p1",
      "x-claude-code-agent-type": "Explore",
    };
    const answer = await (await pair.post(body, { headers })).text();
    const { record, trace, bodies } = await pair.ended(0);
    const [asked] = pair.upstream.requests;
    expect(textsOf(bodies)).toEqual({
      "client-request": body,
      "upstream-request 1": asked?.rawBody.toString() ?? "",
      "upstream-response 1": textOfReply(reply),
      "client-response": answer,
    });
    expect(bodies.find(({ name }) => name === "upstream-request")?.head).toEqual({
      url: `${pair.upstream.baseUrl}/chat/completions`,
      headers: {
        accept: "text/event-stream, application/json",
        authorization: "Bearer $UPSTREAM_KEY",
        "content-type": "application/json",
        "user-agent": "claude-proxy/0.0.0-test",
      },
    });
    expect(noBodies(trace)).toEqual({
      kind: "subagent",
      agentId: "a1",
      parentAgentId: "p1",
      agentType: "Explore",
      rule: "MEDIUM_MODEL_NAME",
      family: "generic",
      upstream: pair.host,
      window: null,
      estimatedTokens: expect.any(Number),
      price: null,
      requestBytes: body.length,
      sentBytes: asked?.rawBody.length ?? 0,
      receivedBytes: Buffer.byteLength(textOfReply(reply)),
      answerBytes: Buffer.byteLength(answer),
      sends: [pair.sent()],
      charges: [],
    });
    expect(trace.estimatedTokens).toBeGreaterThan(0);
    expect(record.upstream).toBeNull();
  });

  test("that is answered whole", async () => {
    await using pair = await startTraced();
    const completion = completionOf({ text: "Héllo" });
    pair.upstream.reply(json(completion));
    const answer = await (await pair.post({ ...hello, model: "anthropic/claude" })).text();
    const { trace, bodies } = await pair.ended(0);
    expect(textsOf(bodies)).toMatchObject({
      "upstream-response 1": JSON.stringify(completion),
      "client-response": answer,
    });
    expect(trace).toMatchObject({
      kind: "main",
      rule: "upstream/model",
      receivedBytes: Buffer.byteLength(JSON.stringify(completion)),
      answerBytes: Buffer.byteLength(answer),
      sends: [pair.sent({ model: "anthropic/claude" })],
      charges: [],
    });
  });

  test("of which only the tokens are counted", async () => {
    await using pair = await startTraced();
    const answer = await (await pair.count()).text();
    const { trace, bodies, record } = await pair.ended(0);
    expect(textsOf(bodies)).toEqual({ "client-request": JSON.stringify(hello), "client-response": answer });
    expect(trace).toMatchObject({
      kind: "count",
      rule: "MEDIUM_MODEL_NAME",
      upstream: pair.host,
      estimatedTokens: record.inputTokens,
      requestBytes: JSON.stringify(hello).length,
      sentBytes: null,
      answerBytes: answer.length,
      price: null,
      sends: [],
      charges: [],
    });
  });

  test("of a family is named after it", async () => {
    await using pair = await startTraced({ settings: { upstreamProfile: "deepseek" } });
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    await pair.post(hello);
    const { trace } = await pair.ended(0);
    expect([trace.family, trace.upstream, trace.sends[0]?.upstream]).toEqual(Array(3).fill("deepseek"));
  });

  test("that is refused before it is sent", async () => {
    await using pair = await startTraced();
    const answer = await (await pair.post("{")).text();
    const { trace, bodies } = await pair.ended(0);
    expect(textsOf(bodies)).toEqual({ "client-request": "{", "client-response": answer });
    expect(trace).toMatchObject({ kind: null, requestBytes: 1, answerBytes: answer.length, sends: [] });
  });

  test("on the Responses API", async () => {
    await using pair = await startTraced({ settings: { upstreamProtocol: "responses" } });
    const response = {
      id: "resp_1",
      object: "response",
      status: "completed",
      output: [
        { type: "message", id: "m", role: "assistant", content: [{ type: "output_text", text: "hi" }] },
      ],
      usage: { input_tokens: 5, output_tokens: 1, total_tokens: 6 },
    };
    pair.upstream.reply(json(response));
    const answer = await (await pair.post(hello)).text();
    const { trace, bodies, record } = await pair.ended(0);
    expect(record.status).toBe(200);
    expect(textsOf(bodies)).toEqual({
      "client-request": JSON.stringify(hello),
      "upstream-request 1": pair.upstream.requests[0]?.rawBody.toString() ?? "",
      "upstream-response 1": JSON.stringify(response),
      "client-response": answer,
    });
    expect(trace.sends).toEqual([pair.sent()]);
  });

  test("on Anthropic's own wire", async () => {
    await using pair = await startTraced({ settings: { upstreamProtocol: "anthropic" } });
    pair.upstream.reply(passedStream());
    const body = { ...hello, stream: true };
    const answer = await (
      await pair.post(body, { headers: { "anthropic-version": "2023-06-01", "x-api-key": "client-canary" } })
    ).text();
    const { trace, bodies } = await pair.ended(0);
    const asked = pair.upstream.requests[0]?.rawBody.toString() ?? "";
    expect(textsOf(bodies)).toEqual({
      "client-request": JSON.stringify(body),
      "upstream-request 1": asked,
      "upstream-response 1": messageEvents().join(""),
      "client-response": answer,
    });
    expect(bodies[1]?.head?.headers).toEqual({
      accept: "*/*",
      "anthropic-version": "2023-06-01",
      authorization: "Bearer $UPSTREAM_KEY",
      "content-type": "application/json",
      "user-agent": expect.any(String),
    });
    expect(noBodies(trace)).toMatchObject({
      kind: "main",
      estimatedTokens: null,
      sentBytes: asked.length,
      receivedBytes: messageEvents().join("").length,
      answerBytes: answer.length,
      sends: [pair.sent()],
      charges: [],
    });
  });

  test("that Anthropic's wire counts", async () => {
    await using pair = await startTraced({ settings: { upstreamProtocol: "anthropic" } });
    pair.upstream.reply(json({ input_tokens: 7 }));
    await pair.count();
    const { trace, bodies } = await pair.ended(0);
    expect(textsOf(bodies)).toMatchObject({ "upstream-response 1": '{"input_tokens":7}' });
    expect(trace).toMatchObject({ kind: "count", sends: [pair.sent()] });
  });
});

describe("each send is one of its own", () => {
  test("a refused request and its repair", async () => {
    await using pair = await startTraced();
    pair.upstream.reply(
      status(400, {
        error: {
          message: "Unsupported parameter: 'temperature'",
          param: "temperature",
          code: "unsupported_parameter",
        },
      }),
    );
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    await pair.post({ ...hello, temperature: 0.5 });
    const { trace, bodies, record } = await pair.ended(0);
    expect(record.attempts).toBe(2);
    expect(trace.sends).toEqual([pair.sent({ status: 400 }), pair.sent()]);
    expect(Object.keys(textsOf(bodies))).toEqual([
      "client-request",
      "upstream-request 1",
      "upstream-response 1",
      "upstream-request 2",
      "upstream-response 2",
      "client-response",
    ]);
    expect(textsOf(bodies)["upstream-response 1"]).toContain("Unsupported parameter");
    expect(trace.sentBytes).toBe(pair.upstream.requests[1]?.rawBody.length ?? 0);
  });

  test("a refusal inside a stream, and its repair", async () => {
    await using pair = await startTraced();
    const error = {
      error: {
        message: "Unsupported parameter: 'temperature'",
        param: "temperature",
        code: "unsupported_parameter",
        type: "invalid_request_error",
      },
    };
    pair.upstream.reply(sse([error]));
    pair.upstream.reply(sse(answered));
    await (await pair.post({ ...hello, stream: true, temperature: 0.5 })).text();
    const { trace } = await pair.ended(0);
    expect(trace.sends).toEqual([pair.sent({ error: "error in its answer" }), pair.sent()]);
  });

  test("both wires", async () => {
    await using pair = await startTraced();
    pair.upstream.respondWith(({ path }) =>
      path.endsWith("/responses")
        ? json({
            id: "r",
            object: "response",
            status: "completed",
            output: [
              { type: "message", id: "m", role: "assistant", content: [{ type: "output_text", text: "hi" }] },
            ],
            usage: { input_tokens: 5, output_tokens: 1 },
          })
        : status(404, { error: { message: "Please use /v1/responses instead." } }),
    );
    await pair.post(hello);
    const { trace, bodies } = await pair.ended(0);
    expect(trace.sends).toEqual([pair.sent({ status: 404 }), pair.sent()]);
    expect(bodies.flatMap(({ head }) => head?.url ?? [])).toEqual([
      `${pair.upstream.baseUrl}/chat/completions`,
      `${pair.upstream.baseUrl}/responses`,
    ]);
  });

  test("a connection that breaks, and a fresh one", async () => {
    await using pair = await startTraced();
    pair.upstream.reply(hangUp("reset"));
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    await pair.post(hello);
    const { trace } = await pair.ended(0);
    expect(trace.sends).toEqual([pair.sent({ status: null, error: "no connection" }), pair.sent()]);
  });

  test("an empty answer, and the second try", async () => {
    await using pair = await startTraced();
    pair.upstream.reply(json(completionOf({})));
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    await pair.post(hello);
    const { trace } = await pair.ended(0);
    expect(trace.sends).toEqual([pair.sent({ error: "empty answer" }), pair.sent()]);
  });
});

describe("failures", () => {
  test("an error status, with the words of the upstream and ours", async () => {
    await using pair = await startTraced();
    const said = { error: { message: "Wait a little.", type: "rate_limit_error" } };
    pair.upstream.reply(status(429, said));
    const answer = await (await pair.post(hello)).text();
    const { trace, bodies } = await pair.ended(0);
    expect(textsOf(bodies)).toEqual({
      "client-request": JSON.stringify(hello),
      "upstream-request 1": pair.upstream.requests[0]?.rawBody.toString() ?? "",
      "upstream-response 1": JSON.stringify(said),
      "client-response": answer,
    });
    expect(trace.sends).toEqual([pair.sent({ status: 429 })]);
    expect(trace.answerBytes).toBe(answer.length);
  });

  test("an error status that is passed on", async () => {
    await using pair = await startTraced({ settings: { upstreamProtocol: "anthropic" } });
    const said = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
    pair.upstream.reply(status(529, said, { "content-type": "application/json" }));
    await (await pair.post(hello)).text();
    const { trace, bodies } = await pair.ended(0);
    expect(textsOf(bodies)).toMatchObject({ "upstream-response 1": said, "client-response": said });
    expect(trace.sends).toEqual([pair.sent({ status: 529 })]);
  });

  test("an error in a stream that is passed on", async () => {
    await using pair = await startTraced({ settings: { upstreamProtocol: "anthropic" } });
    const failed =
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    pair.upstream.reply(passedStream([...messageEvents().slice(0, 4), failed]));
    await (await pair.post({ ...hello, stream: true })).text();
    const { trace } = await pair.ended(0);
    expect(trace.sends).toEqual([pair.sent({ error: "error in its answer" })]);
  });

  test("a stream that breaks off", async () => {
    await using pair = await startTraced();
    const said = `data: ${JSON.stringify(chunk({ content: "Hel" }))}\n\n`;
    let isHeard = false;
    const body = function* () {
      yield Buffer.from(said);
      while (!isHeard) yield { waitMs: 5 };
    };
    pair.upstream.reply(sseOf(body(), "reset"));
    const response = await pair.post({ ...hello, stream: true });
    isHeard = true;
    const answer = await response.text();
    const { trace, bodies } = await pair.ended(0);
    expect(textsOf(bodies)).toMatchObject({
      "upstream-response 1": said,
      "client-response": answer,
    });
    expect(answer).toContain("event: error");
    expect(trace.sends).toEqual([pair.sent({ error: "broke off" })]);
  });

  test("a client that goes away keeps what was said so far", async () => {
    await using pair = await startTraced();
    pair.upstream.reply(sse([chunk({ content: "Hel" })], { done: false, end: "stall" }));
    const gone = new AbortController();
    const response = await pair.post({ ...hello, stream: true }, { signal: gone.signal });
    const first = await response.body?.getReader().read();
    gone.abort();
    const { trace, bodies, record } = await pair.ended(0);
    expect(record.status).toBe(499);
    expect(textsOf(bodies)["client-response"]).toBe(new TextDecoder().decode(first?.value));
    expect(trace.sends).toEqual([pair.sent()]);
  });

  test("nobody at the address", async () => {
    const traces = collectTraces();
    await using pair = await startPair({
      watching: traces.watching,
      settings: { baseUrl: "http://127.0.0.1:9/v1" },
    });
    await pair.post(hello);
    const { trace, record } = await traces.ended(0);
    expect(trace.sends).toHaveLength(record.attempts);
    for (const send of trace.sends) {
      expect(send).toMatchObject({ upstream: "127.0.0.1:9", status: null, error: "no connection" });
    }
  });
});

describe("a request with a configuration file", () => {
  const price = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2 };
  const facts = {
    window: 64_000,
    maxOutput: null,
    images: null,
    pdf: null,
    tools: null,
    reasoning: null,
    name: null,
    like: null,
  };
  const fileOf =
    (changes: Partial<UpstreamSettings> = {}) =>
    (baseUrl: string) =>
      createFileConfig({
        upstreams: [
          upstreamSettings("first", baseUrl, { keys: ["sk-first-upstream-key", "sk-second-upstream-key"] }),
          upstreamSettings("second", baseUrl, changes),
        ],
        routes: { sonnet: ["first/a", "second/b"], "gpt-*": "second/b" },
        cases: [
          { when: { kind: ["count"] }, to: "first/a" },
          { when: { kind: ["title"] }, to: "second/b" },
        ],
        models: new Map([["second/b", { ...facts, price }]]),
      });

  test("that goes on: every send with its key, and what is known of the one that answered", async () => {
    await using pair = await startTraced({ fileOf: fileOf() });
    pair.upstream.reply(status(401, { error: { message: "Wrong key" } }));
    pair.upstream.reply(status(503, { error: { message: "Busy" } }));
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    expect((await pair.post(hello)).status).toBe(200);
    const { trace, record, bodies } = await pair.ended(0);
    const keys = trace.sends.slice(0, 2).map(({ key }) => key ?? 0);
    expect(keys.toSorted()).toEqual([1, 2]);
    expect(noBodies(trace)).toMatchObject({
      kind: "main",
      rule: "routes.sonnet",
      family: "generic",
      upstream: "second",
      window: 64_000,
      price,
      sends: [
        pair.sent({ upstream: "first", model: "a", key: keys[0], status: 401 }),
        pair.sent({ upstream: "first", model: "a", key: keys[1], status: 503 }),
        pair.sent({ upstream: "second", model: "b" }),
      ],
    });
    expect(trace.sends).toHaveLength(3);
    expect(record.tried).toHaveLength(3);
    expect(bodies.map(({ name }) => name)).toEqual([
      "client-request",
      ...Array(3).fill(["upstream-request", "upstream-response"]).flat(),
      "client-response",
    ]);
  });

  test("that all refuse: each send keeps its own reason", async () => {
    await using pair = await startTraced({ fileOf: fileOf() });
    pair.upstream.reply(sse([chunk({ content: "" })], { done: false, end: "reset" }));
    pair.upstream.reply(status(429, { error: { message: "Wait" } }));
    await (await pair.post({ ...hello, stream: true })).text();
    const { trace } = await pair.ended(0);
    expect(trace.sends).toMatchObject([
      { upstream: "first", status: 200, error: "broke off" },
      { upstream: "second", status: 429, error: null },
    ]);
  });

  test.each([
    ["a case", { ...hello, system: "You are naming a coding session." }, "title", "cases[1]"],
    ["a pattern", { ...hello, model: "gpt-x" }, "main", "routes.gpt-*"],
    ["the client", { ...hello, model: "second/b" }, "main", "upstream/model"],
  ])("that %s has sent there", async (_, request, kind, rule) => {
    await using pair = await startTraced({ fileOf: fileOf() });
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    await pair.post(request);
    const { trace } = await pair.ended(0);
    expect(trace).toMatchObject({ kind, rule, upstream: "second", price });
  });

  test("that is a count costs nothing", async () => {
    await using pair = await startTraced({ fileOf: fileOf() });
    await pair.count({ ...hello, model: "second/b" });
    const { trace } = await pair.ended(0);
    expect(trace).toMatchObject({ kind: "count", rule: "cases[0]", upstream: "first", price: null });
  });

  test("whose headers and address hold secrets", async () => {
    const secrets = {
      headers: {
        "x-secret": "header-canary-1",
        "user-agent": "agent-canary-2",
        authorization: "Basic canary-3",
      },
    };
    await using pair = await startTraced({
      fileOf: (baseUrl) =>
        createFileConfig({
          upstreams: [
            upstreamSettings(
              "only",
              `${baseUrl.replace("//", "//user:password-canary@")}?key=query-canary&api-version=7&bare-canary`,
              secrets,
            ),
          ],
          routes: { sonnet: "only/m" },
        }),
    });
    pair.upstream.reply(json(completionOf({ text: "hi" })));
    await pair.post(hello);
    const { bodies } = await pair.ended(0);
    const [head] = bodies.flatMap((body) => body.head ?? []);
    expect(head).toEqual({
      url: `http://${pair.host}/v1/chat/completions?key=…&api-version=7&…`,
      headers: {
        accept: "application/json",
        authorization: "$HEADER",
        "content-type": "application/json",
        "user-agent": "$HEADER",
        "x-secret": "$HEADER",
      },
    });
  });

  test("whose client pays itself: its credential is nowhere", async () => {
    await using pair = await startTraced({
      fileOf: (baseUrl) =>
        createFileConfig({
          upstreams: [
            upstreamSettings("own", baseUrl, { keys: [], protocol: "anthropic", passesClientKey: true }),
          ],
          routes: { sonnet: "own/m" },
        }),
    });
    pair.upstream.reply(passedStream());
    const headers = { authorization: "Bearer login-canary", "x-api-key": "key-canary", "x-app": "cli" };
    await (await pair.post({ ...hello, stream: true }, { headers })).text();
    const { bodies, trace } = await pair.ended(0);
    const [head] = bodies.flatMap((body) => body.head ?? []);
    expect(pair.upstream.requests[0]?.headers["authorization"]).toBe("Bearer login-canary");
    expect(Object.keys(head?.headers ?? {}).toSorted()).toEqual([
      "accept",
      "anthropic-version",
      "content-type",
      "user-agent",
    ]);
    expect(JSON.stringify([head, noBodies(trace)])).not.toContain("canary");
  });
});

test("what nobody takes gives its room back when the request ends", async () => {
  const keepers: BodyKeeper[] = [];
  const create = createBodyKeepers({ mode: "all" });
  const keepBodies = () => {
    const keeper = create();
    keepers.push(keeper);
    return keeper;
  };
  await using pair = await startPair({ watching: { keepBodies } });
  pair.upstream.reply(json(completionOf({ text: "hi" })));
  await pair.post(hello);
  expect(keepers.map((keeper) => keeper.take())).toEqual([[]]);
});

test("a side question is told apart from the turns, also by a class that says no more than that", async () => {
  await using pair = await startTraced();
  const side = { role: "user", content: "<system-reminder>This is a side question from the user." };
  const ask = async (body: object, headers: Record<string, string>, number: number) => {
    pair.upstream.reply(sse(answered));
    await (await pair.post(JSON.stringify({ ...hello, stream: true, ...body }), { headers })).text();
    return (await pair.ended(number)).trace.kind;
  };
  expect(await ask({}, {}, 0)).toBe("main");
  expect(await ask({ messages: [...hello.messages, side] }, {}, 1)).toBe("aside");
  expect(await ask({}, { "x-claude-code-request-class": "auxiliary" }, 2)).toBe("aside");
});
