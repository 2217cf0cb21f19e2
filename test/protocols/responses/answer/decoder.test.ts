import { describe, expect, test } from "bun:test";
import { chatDecoder } from "../../../../src/protocols/chat/answer/chat-decoder.ts";
import { emptyAnswer } from "../../../../src/protocols/responses/answer/empty-answer.ts";
import { createAnswerWatch } from "../../../../src/protocols/responses/answer/no-answer.ts";
import { responsesDecoder } from "../../../../src/protocols/responses/answer/responses-decoder.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";
import { describeMessage } from "./describe-message.ts";
import { asked, completed, created, message, on, response, text, usage } from "./events.ts";
import { createResponsesTranslator, translateEvents, translateWhole } from "./translate-response.ts";

const keep = (data: string) => data;
const redact = (data: string) => data.replaceAll("sk-secret", "[key]");
const decode = (value: unknown, event?: string) =>
  responsesDecoder.decodeEvent(event, typeof value === "string" ? value : JSON.stringify(value), redact);
const failureOf = (value: unknown, event?: string) => {
  const item = decode(value, event);
  return item?.kind === "failure" ? [item.error.kind, item.error.status, item.error.body] : item;
};
const parse = (value: unknown) => {
  try {
    return responsesDecoder.parseWhole(JSON.stringify(value), redact);
  } catch (error) {
    if (error instanceof UpstreamError) return [error.kind, error.status, error.body ?? error.message];
    throw error;
  }
};

describe("an event", () => {
  test("[24.1:kind] is of the kind that its type says, whatever its name", () => {
    const delta = text(0, "a");
    expect([decode(delta), decode(delta, "response.other"), decode(delta, "")]).toEqual(
      Array.from({ length: 3 }, () => ({ kind: "item", item: delta })),
    );
  });

  test("[24.1:error-null] with an error that says nothing is none", () => {
    for (const error of [null, "", {}, false, 0, []])
      expect(decode({ ...created, error })).toEqual({ kind: "item", item: { ...created, error } });
    expect(decode(completed())).toEqual({ kind: "item", item: completed(), isLast: true });
  });

  test.each(["completed", "incomplete", "failed", "done"])(
    "[24.1:last] response.%s is the last one",
    (type) => {
      expect(decode(on(type, { response: {} }))).toMatchObject({ kind: "item", isLast: true });
      expect(decode(on(type))).toMatchObject({ isLast: true });
    },
  );

  test("[24.1:done] a [DONE] ends the answer, too", () => {
    expect(["[DONE]", "", "null", "ping"].map((data) => decode(data))).toEqual([
      { kind: "done" },
      null,
      null,
      null,
    ]);
    expect(["[DONE]", "ping", "{}", "{"].map((data) => responsesDecoder.isWhole(data))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("[24.1:not-json] that is no JSON object is a failure", () => {
    expect(failureOf("{sk-secret")).toEqual(["malformed", undefined, undefined]);
    expect(decode("{sk-secret")).toMatchObject({
      error: { message: "The upstream sent an event that is not a JSON object: {[key]" },
    });
    expect(failureOf("[1]")).toEqual(["malformed", undefined, undefined]);
  });
});

describe("an error in a stream", () => {
  const error = {
    type: "service_unavailable_error",
    code: "server_is_overloaded",
    message: "busy",
    param: null,
  };

  test.each([
    [
      "as members of the event",
      { type: "error", code: "c", message: "m sk-secret", param: "p" },
      { code: "c", message: "m [key]", param: "p" },
    ],
    ["inside it", { type: "error", error }, error],
    ["inside any event", { type: "response.created", error }, error],
    ["without a type", { error: "busy" }, "busy"],
    ["in a list", [{ error }], error],
  ])("[25.1:event] is found %s", (_, event, expected) => {
    expect(failureOf(event)).toEqual(["http", 200, expect.objectContaining({ error: expected })]);
  });

  test("[25.1:event] is found by the name of the event", () => {
    expect(failureOf("no JSON sk-secret", "error")).toEqual(["http", 200, "no JSON [key]"]);
    expect(failureOf({ message: "m" }, "error")).toEqual(["http", 200, { error: { message: "m" } }]);
  });

  test("[25.1:early] before any output is a status", () => {
    const start = [created, on("in_progress", { response: {} })];
    expect(
      translateEvents(asked, [
        ...start,
        { type: "error", error: { code: "insufficient_quota", message: "m" } },
      ]).status,
    ).toBe("402 billing_error");
  });

  test("[25.1:late] after text is an error event, and the block stays open", () => {
    const { events } = translateEvents(asked, [text(0, "a"), text(0, "b"), { type: "error", error }]);
    expect(events.slice(-2)).toMatchObject([
      { type: "content_block_delta", delta: { text: "b" } },
      { type: "error", error: { message: expect.stringContaining("busy") } },
    ]);
  });

  test("[25.1:failed] a response that failed gives what there is of it, then its error", () => {
    const failed = on("failed", {
      response: response([message("part")], {
        status: "failed",
        error: { code: "insufficient_quota", message: "m" },
        error_type: "e",
      }),
    });
    const told = translateEvents(asked, [created, failed]);
    expect([describeMessage(told.message), told.events.at(-1)]).toMatchObject([
      ["text part"],
      { type: "error", error: { type: "billing_error" } },
    ]);
    const translator = createResponsesTranslator(asked);
    translator.push(failed, { inputTokens: 1, outputTokens: 1 });
    expect([translator.failure?.status, translator.failure?.body]).toEqual([
      200,
      { error: { code: "insufficient_quota", message: "m", metadata: { error_type: "e" } } },
    ]);
  });

  test("[24.7:failed-late] also at the end of a whole turn", () => {
    const failed = on("failed", {
      response: { status: "failed", error: { code: "server_error", message: "m" } },
    });
    expect(translateEvents(asked, [text(0, "all"), failed]).events.at(-1)).toMatchObject({ type: "error" });
  });

  test("[25.1:redacted] a key in it is taken out", () => {
    const failed = on("failed", {
      response: response([], { status: "failed", error: { message: "sk-secret" } }),
    });
    const whole = response([], { status: "failed", error: { message: "sk-secret" } });
    for (const item of [decode(failed), decode(whole), parse(whole)])
      expect(JSON.stringify(item)).toContain('"error":{"message":"[key]"}');
    expect(JSON.stringify(parse(response([message("sk-secret")])))).toContain("sk-secret");
  });
});

describe("a whole body", () => {
  test("[25.1:whole] that failed or is an error is a failure", () => {
    const error = { code: "insufficient_quota", message: "m" };
    expect(translateWhole(asked, response([], { status: "failed", error })).status).toBe("402 billing_error");
    expect(parse({ error })).toEqual(["http", 200, { error }]);
    expect(parse([{ error: "m" }])).toEqual(["http", 200, { error: "m" }]);
    expect(parse({ type: "error", ...error })).toEqual(["http", 200, { error }]);
    expect(parse(5)).toEqual(["malformed", undefined, "The upstream's answer is not a JSON object"]);
    expect(() => responsesDecoder.parseWhole("{", keep)).toThrow("The upstream's answer is not JSON: {");
  });

  test("[24.8:json] is read where a stream was asked, and as an event", () => {
    const whole = response([message("a")]);
    expect(parse(whole)).toEqual({ type: "response.done", response: whole });
    expect(parse({ output: [] })).toEqual({ type: "response.done", response: { output: [] } });
    expect(parse(completed())).toEqual(completed());
    expect(describeMessage(translateEvents(asked, [whole]).message)).toEqual(["text a"]);
  });

  test("[24.8:other-wire] of Chat Completions names the setting, and so does a response over there", () => {
    const hint = (answer: string, protocol: string) =>
      `The upstream answered with ${answer}. Set UPSTREAM_PROTOCOL=${protocol}`;
    const chat = [
      { object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "a" } }] },
      { choices: [] },
      { object: "chat.completion" },
    ];
    for (const one of chat) {
      expect(decode(one)).toMatchObject({
        kind: "failure",
        error: { message: hint("a chat completion", "chat") },
      });
      expect(parse(one)).toEqual(["malformed", undefined, hint("a chat completion", "chat")]);
    }
    expect(translateEvents(asked, chat).status).toBe("502 api_error");
    for (const one of [created, completed(), response([])]) {
      expect(chatDecoder.decodeEvent(undefined, JSON.stringify(one), keep)).toMatchObject({
        kind: "failure",
        error: { message: hint("a response of the Responses API", "responses") },
      });
      expect(() => chatDecoder.parseWhole(JSON.stringify(one), keep)).toThrow(
        hint("a response of the Responses API", "responses"),
      );
    }
    const failed = { type: "response.failed", error: { message: "m" } };
    expect(() => chatDecoder.parseWhole(JSON.stringify(failed), keep)).toThrow(
      "The upstream reported an error",
    );
  });

  test("[24.8:no-answer] that is something else is none", () => {
    const watch = createAnswerWatch();
    watch.see({ message: "Welcome" });
    expect(watch.failure(true)).toMatchObject({
      status: 200,
      body: { message: "Welcome" },
      setUp: undefined,
    });
    const other = createAnswerWatch();
    other.see(Object(parse({ hello: 1 })));
    expect(other.failure(true)?.message).toBe('The upstream\'s answer has no output: {"hello":1}');
    expect(createAnswerWatch().failure(true)).toMatchObject({ setUp: "doubtful" });
    const begun = createAnswerWatch();
    begun.see(created);
    begun.see({ message: "tick" });
    expect([begun.failure(false), createAnswerWatch().failure(false)]).toMatchObject([{ status: 200 }, null]);
  });

  test("[24.8:empty] the answer to a request for no output is one, too", () => {
    const translator = createResponsesTranslator(asked);
    const estimate = { inputTokens: 7, outputTokens: 3 };
    const events = [...translator.push(emptyAnswer, estimate), ...translator.finish("done", estimate)];
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: "max_tokens" },
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  });
});

test("[24.1:usage] an event behind the [DONE] is read for its usage only", () => {
  const event = completed([message("a")], { tool_usage: 1 });
  expect([
    responsesDecoder.hasUsage(event),
    responsesDecoder.hasUsage(created),
    responsesDecoder.keepUsage(event),
  ]).toEqual([true, false, { type: "response.in_progress", response: { usage, tool_usage: 1 } }]);
});
