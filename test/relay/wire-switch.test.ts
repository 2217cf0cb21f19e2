import { describe, expect, test } from "bun:test";
import { ApiError } from "../../src/anthropic/api-error.ts";
import type { AnyProtocol } from "../../src/protocols/protocol.ts";
import { toyProtocol } from "../protocols/toy/toy-protocol.ts";
import { completionOf } from "../support/chunks.ts";
import { json, type Reply, status } from "../support/reply.ts";
import { hello, type Pair, readFailure, readObject, startPair } from "../support/start-pair.ts";
import type { TestProxyOptions } from "../support/start-proxy.ts";
import { isObject } from "../support/strict/json.ts";

/** The wire that stands in for the Responses API. */
const toy: AnyProtocol = (use) => use(toyProtocol);

const start = (options: TestProxyOptions = {}) =>
  startPair({ ...options, protocols: { responses: async () => toy } });

/** Answers each path by a function of its own; gives the paths that were asked. */
function answerBy(pair: Pair, replies: { chat: () => Reply; responses: () => Reply }): () => string[] {
  pair.upstream.respondWith(({ path }) => (path.endsWith("/toy") ? replies.responses() : replies.chat()));
  return () => pair.upstream.requests.map(({ path }) => path.replace("/v1/", ""));
}

const refusal =
  (message: string, more: object = {}, code = 400) =>
  () =>
    status(code, { error: { message, ...more } });
const chatAnswer = () => json(completionOf({ text: "by chat" }));
const toyAnswer = () => json({ say: "by toy", end: "done", used: [3, 2] });
const onlyThere = refusal(
  "This model is only supported in v1/responses and not in v1/chat/completions.",
  {},
  404,
);
const chatModel = refusal(
  "This is a chat model and not supported in the v1/responses endpoint. Did you mean to use v1/chat/completions?",
  { code: "model_not_found" },
  404,
);
const noSuchPath = refusal("Invalid URL (POST /v1/toy)", {}, 404);

const textOf = async (response: Response) => {
  const [block] = Object(await readObject(response)).content;
  return block.text;
};

describe("[20.3:to-responses] an upstream that refuses Chat Completions is asked on the Responses API", () => {
  test.each([
    ["names its path", refusal("Please use /v1/responses instead.")],
    ["has the model only there", onlyThere],
    ["says so in other words", refusal("gpt-x is only supported in the Responses API.")],
    ["has a code for it", refusal("Not here.", { code: "unsupported_api_for_model" })],
    [
      "has its tools only there",
      refusal("Function tools with reasoning_effort are not supported for gpt-5.4 in this API."),
    ],
  ])("that %s", async (_, chat) => {
    await using pair = await start();
    const paths = answerBy(pair, { chat, responses: toyAnswer });
    expect(await textOf(await pair.post(hello))).toBe("by toy");
    expect(paths()).toEqual(["chat/completions", "toy"]);
    expect(await pair.proxy.record(0)).toMatchObject({ status: 200, attempts: 2, protocol: "responses" });
  });

  test("once: it is remembered for the model, and the log says why", async () => {
    await using pair = await start();
    const paths = answerBy(pair, { chat: onlyThere, responses: toyAnswer });
    for (let times = 0; times < 2; times += 1) await pair.post(hello);
    await pair.count(hello);
    await pair.post({ ...hello, model: "claude-haiku-4-5" });
    expect(paths()).toEqual(["chat/completions", "toy", "toy", "chat/completions", "toy"]);
    expect(await pair.proxy.record(1)).toMatchObject({ attempts: 1, protocol: "responses" });
    expect(await pair.proxy.record(2)).toMatchObject({
      path: "/v1/messages/count_tokens",
      protocol: "responses",
    });
    expect(pair.proxy.notes.map((note) => note.replace(/req_\w+/, "ID"))[0]).toBe(
      `the upstream wants another API for this model; it is asked there from now on ${JSON.stringify({
        requestId: "ID",
        model: "medium-model",
        asked: "chat",
        wanted: "responses",
        reason: "This model is only supported in v1/responses and not in v1/chat/completions.",
      })}`,
    );
    expect(pair.proxy.notes).toHaveLength(2);
    const shown = await readObject(await fetch(`${pair.proxy.url}/status`));
    expect(shown["protocol"]).toBe("auto (chat; others: responses; as learned)");
  });

  test("a stream and a large request, too", async () => {
    await using pair = await start();
    answerBy(pair, { chat: onlyThere, responses: toyAnswer });
    const messages = [{ role: "user", content: "hi ".repeat(200_000) }];
    const large = await (await pair.post({ ...hello, messages, stream: true })).text();
    expect(large).toContain('"text":"by toy"');
    expect(large.match(/event: message_start/g)).toHaveLength(1);
    expect(await pair.proxy.record(0)).toMatchObject({ attempts: 2, protocol: "responses" });
  });

  test.each([
    ["another fault", refusal("max_tokens is too large"), 400],
    ["another status", refusal("Use /v1/responses", {}, 403), 424],
    ["a model that it does not have", refusal("The model x does not exist", {}, 404), 424],
    ["an address that it does not have", refusal("Not Found", {}, 404), 424],
  ])("but not for %s", async (_, chat, code) => {
    await using pair = await start();
    const paths = answerBy(pair, { chat, responses: toyAnswer });
    expect((await pair.post(hello)).status).toBe(code);
    expect(paths()).toEqual(["chat/completions"]);
  });
});

describe("[20.3:to-chat] an upstream that lacks or refuses the Responses API is asked on Chat Completions", () => {
  /** An upstream that is asked on the other wire, because it has wanted it once. */
  async function startThere(): Promise<Pair> {
    const pair = await start();
    pair.upstream.reply(onlyThere());
    pair.upstream.reply(toyAnswer());
    await (await pair.post(hello)).text();
    return pair;
  }

  test.each([
    ...[404, 405, 501].map((code): [string, () => Reply] => [
      `status ${code}`,
      refusal("no such path", {}, code),
    ]),
    ["a refusal that names the other path", chatModel],
    ["a refusal with the code for it", refusal("Not here.", { code: "unsupported_api_for_model" })],
  ])("%s", async (_, responses) => {
    await using pair = await startThere();
    const paths = answerBy(pair, { chat: chatAnswer, responses });
    for (let times = 0; times < 2; times += 1) expect(await textOf(await pair.post(hello))).toBe("by chat");
    expect(paths().slice(2)).toEqual(["toy", "chat/completions", "chat/completions"]);
  });

  test.each([
    ["whose refusal names the model", refusal("no medium-model here", {}, 404), 424],
    ["that lacks a deployment", refusal("Gone", { code: "DeploymentNotFound" }, 404), 424],
    ["that refuses something else", refusal("no such field", {}, 400), 400],
    ["that implements no choice of tools", refusal("Only 'auto' tool_choice is supported", {}, 501), 424],
  ])("but not one %s", async (_, responses, code) => {
    await using pair = await startThere();
    const paths = answerBy(pair, { chat: chatAnswer, responses });
    expect((await pair.post(hello)).status).toBe(code);
    expect(paths().slice(2)).toEqual(["toy"]);
  });
});

describe("[20.3:neither] if the other wire fails as well", () => {
  test.each([
    ["it has no address", noSuchPath],
    [
      "a page stands there",
      () => status(200, "<!doctype html><title>Gateway</title>", { "content-type": "text/html" }),
    ],
    ["another API answers there", () => json(["no", "toy"])],
    ["its address leads elsewhere", () => status(302, "", { location: "http://elsewhere.test/" })],
  ])("because it is not there (%s), the client hears what the first one said", async (_, responses) => {
    await using pair = await start();
    const paths = answerBy(pair, { chat: onlyThere, responses });
    for (let times = 0; times < 2; times += 1) {
      const [code, type, message] = await readFailure(await pair.post(hello));
      expect([code, type]).toEqual([424, "not_found_error"]);
      expect(message).toContain("This model is only supported in v1/responses");
    }
    expect(paths()).toEqual(["chat/completions", "toy", "chat/completions", "toy"]);
    expect(pair.proxy.notes).toEqual([]);
    expect(await pair.proxy.record(1)).toMatchObject({ attempts: 2, protocol: "chat" });
  });

  test("because the request cannot be written there, the client hears what the first one said", async () => {
    const build = () => {
      throw new ApiError("invalid_request_error", "this wire has no words for it");
    };
    const speechless: AnyProtocol = (use) => use({ ...toyProtocol, build });
    await using pair = await startPair({ protocols: { responses: async () => speechless } });
    const paths = answerBy(pair, { chat: onlyThere, responses: toyAnswer });
    const [code, type, message] = await readFailure(await pair.post(hello));
    expect([code, type]).toEqual([424, "not_found_error"]);
    expect(message).toContain("This model is only supported in v1/responses");
    expect(paths()).toEqual(["chat/completions"]);
  });

  test("because it is not there, Chat Completions goes on with its own repair", async () => {
    await using pair = await start({ settings: { upstreamProfile: "openai", mediumModelName: "gpt-5.2" } });
    const sent: unknown[] = [];
    pair.upstream.respondWith(({ path, body }) => {
      if (path.endsWith("/toy")) return noSuchPath();
      const effort = isObject(body) ? body["reasoning_effort"] : undefined;
      sent.push(effort);
      return effort === "high"
        ? status(400, { error: { message: "Function tools with reasoning_effort are not supported." } })
        : chatAnswer();
    });
    const tools = [{ name: "Read", input_schema: { type: "object" } }];
    const asked = { ...hello, tools, output_config: { effort: "high" }, thinking: { type: "adaptive" } };
    for (let times = 0; times < 2; times += 1) expect(await textOf(await pair.post(asked))).toBe("by chat");
    expect(sent).toEqual(["high", "high", "none", "none"]);
    expect(pair.proxy.records.map(({ attempts, protocol }) => [attempts, protocol])).toEqual([
      [4, "chat"],
      [1, "chat"],
    ]);
  });

  test("for a reason of its own, the client hears that, and nothing is learned", async () => {
    await using pair = await start();
    const paths = answerBy(pair, { chat: onlyThere, responses: refusal("slow down", {}, 429) });
    for (let times = 0; times < 2; times += 1) {
      const [code, type] = await readFailure(await pair.post(hello));
      expect([code, type]).toEqual([429, "rate_limit_error"]);
    }
    expect(paths()).toEqual(["chat/completions", "toy", "chat/completions", "toy"]);
    expect(pair.proxy.notes).toEqual([]);
  });
});

test("[20.3:first-byte] a client that has its head already gets the refusal", async () => {
  await using pair = await start({ pace: { headWithoutUpstreamMs: 0 } });
  const late = () => ({ ...onlyThere(), headDelayMs: 150 });
  const paths = answerBy(pair, { chat: late, responses: toyAnswer });
  const text = await (await pair.post({ ...hello, stream: true })).text();
  expect(text).toContain("event: error");
  expect(paths()).toEqual(["chat/completions"]);
});

describe("[20.1:setting] a wire that the settings name is the only one", () => {
  test.each([{ upstreamProtocol: "chat" }, { addressProtocol: "chat" }] as const)("%p", async (settings) => {
    await using pair = await start({ settings });
    const paths = answerBy(pair, { chat: onlyThere, responses: toyAnswer });
    const [code, type, message] = await readFailure(await pair.post(hello));
    expect([code, type, message.replace(/127\.0\.0\.1:\d+/, "UPSTREAM")]).toEqual([
      424,
      "invalid_request_error",
      "UPSTREAM wants to be asked for medium-model on its Responses API: This model is only supported in v1/responses and not in v1/chat/completions. Set UPSTREAM_PROTOCOL=responses",
    ]);
    expect(paths()).toEqual(["chat/completions"]);
  });

  test.each([{ upstreamProtocol: "responses" }, { addressProtocol: "responses" }] as const)(
    "%p",
    async (settings) => {
      await using pair = await start({ settings });
      const paths = answerBy(pair, { chat: chatAnswer, responses: refusal("Not Found", {}, 404) });
      const [code, type, message] = await readFailure(await pair.post(hello));
      expect([code, type, message.replace(/127\.0\.0\.1:\d+/, "UPSTREAM")]).toEqual([
        424,
        "not_found_error",
        "UPSTREAM has no Responses API at /v1/responses: Not Found. Check the setting BASE_URL, or set UPSTREAM_PROTOCOL=chat",
      ]);
      expect(paths()).toEqual(["toy"]);
    },
  );

  test("a refusal that asks for the other one names the setting", async () => {
    await using pair = await start({ settings: { upstreamProtocol: "responses" } });
    const paths = answerBy(pair, { chat: chatAnswer, responses: chatModel });
    const [code, type, message] = await readFailure(await pair.post(hello));
    expect([code, type, message.replace(/127\.0\.0\.1:\d+/, "UPSTREAM")]).toEqual([
      424,
      "invalid_request_error",
      "UPSTREAM wants to be asked for medium-model on its Chat Completions: This is a chat model and not supported in the v1/responses endpoint. Did you mean to use v1/chat/completions? Set UPSTREAM_PROTOCOL=chat",
    ]);
    expect(paths()).toEqual(["toy"]);
  });
});
