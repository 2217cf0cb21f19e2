import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { z } from "zod";
import { type MessagesRequest, messagesRequestSchema } from "../../src/anthropic/messages-request.ts";
import { createUpstreamMemory } from "../../src/learned/upstream-memory.ts";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../src/profiles/select-profile.ts";
import type { Recovery } from "../../src/protocols/protocol.ts";
import { sendWithRepairs } from "../../src/relay/send-with-repairs.ts";
import { createSendBudget } from "../../src/upstream/send-budget.ts";
import { hangUp, json, status } from "../support/reply.ts";
import { translateRequest } from "../support/translate-request.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { clientOf, failureOf } from "../upstream/client-of.ts";
import { createChatWire } from "./create-chat-wire.ts";

let upstream: Upstream;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(() => upstream.stop());

const completion = { choices: [{ message: { content: "ok" } }] };
const refuse = (message: string, code = 400) => status(code, { error: { message } });
const overflow =
  "This model's maximum context length is 102400 tokens. However, you requested 107837 tokens (99645 in the messages, 8192 in the completion).";

const request: MessagesRequest = {
  model: "claude-opus-5-5",
  max_tokens: 8192,
  messages: [{ role: "user", content: "hi" }],
  temperature: 0.5,
  stop_sequences: ["END"],
};

/** A user speaks behind the result of a call. */
const interrupted: MessagesRequest["messages"] = [
  { role: "user", content: "a" },
  { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Read", input: {} }] },
  {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "t1", content: "b" },
      { type: "text", text: "c" },
    ],
  },
];

/** One side of a conversation with the upstream of the tests, which remembers what it learns. */
function createSender(id: ProfileId = "generic", model = "m", nowMs = () => 0) {
  const memory = createUpstreamMemory();
  const profile = selectProfile({ setting: id, baseUrl: upstream.baseUrl, model });
  const wire = createChatWire(clientOf(upstream.baseUrl), nowMs);
  const controller = new AbortController();
  return async (fields: Partial<MessagesRequest> = {}) => {
    let repairs: readonly string[] = [];
    const build = (recovery: Recovery = {}) =>
      translateRequest({ ...request, ...fields }, { model, profile, maxOutputTokens: 100_000, ...recovery });
    const sent = await sendWithRepairs(wire, {
      built: build(),
      rebuild: build,
      profile,
      key: "k",
      memory,
      budget: createSendBudget(),
      made: [],
      conversationId: "c",
      controller,
      onSend: (_chatRequest, words) => {
        repairs = words;
      },
    });
    sent.noteTaken();
    return { ...sent, repairs };
  };
}

const sentMessages = z.object({ messages: z.array(z.looseObject({ role: z.string() })) });

/** The bodies that the upstream got. */
function bodies(): unknown[] {
  return upstream.requests.map((heard) => heard.body);
}

const plain = {
  model: "m",
  max_tokens: 8192,
  temperature: 0.5,
  stop: ["END"],
  messages: [{ role: "user", content: "hi" }],
};

describe("a request that the upstream takes", () => {
  test("is sent once, as it is", async () => {
    upstream.reply(json(completion));
    const sent = await createSender()();
    expect(bodies()).toEqual([plain]);
    expect({ repairs: sent.repairs, kind: sent.answer.kind }).toEqual({
      repairs: [],
      kind: "whole",
    });
  });
});

describe("a request that the upstream refuses", () => {
  test("[R0:remembered] is sent again with the repair, and the next one begins with it", async () => {
    const send = createSender();
    upstream.reply(refuse("Unsupported parameter: 'temperature' is not supported with this model."));
    upstream.respondWith(() => json(completion));
    const { temperature: _temperature, ...repaired } = plain;
    const first = await send();
    expect(bodies()).toEqual([plain, repaired]);
    expect(first.repairs).toEqual(["left out temperature, which the upstream does not take"]);
    const second = await send();
    expect(bodies().slice(2)).toEqual([repaired]);
    expect(second.repairs).toEqual([
      "left out temperature, which the upstream does not take (learned earlier)",
    ]);
  });

  test("[5.4:retries] may need three repairs, and all are remembered", async () => {
    const send = createSender();
    upstream.reply(refuse("temperature is not supported"));
    upstream.reply(refuse("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."));
    upstream.reply(refuse("stop is not supported"));
    upstream.respondWith(() => json(completion));
    const words = [
      "left out temperature, which the upstream does not take",
      "sent the output limit as max_completion_tokens",
      "left out stop, which the upstream does not take",
    ];
    expect((await send()).repairs).toEqual(words);
    expect(upstream.requests.length).toBe(4);
    const { built, repairs } = await send();
    expect(repairs).toEqual(words.map((text) => `${text} (learned earlier)`));
    expect(built.plan.watchesStopSequences).toBe(true);
    expect(upstream.requests.length).toBe(5);
    const { messages } = plain;
    expect(bodies().slice(3)).toEqual(Array(2).fill({ model: "m", max_completion_tokens: 8192, messages }));
  });

  test("[5.4:retries] is given up after three, with what the upstream said last, and nothing is learned", async () => {
    const send = createSender();
    const fields = { top_p: 0.5 };
    for (const field of ["temperature", "stop", "top_p", "max_tokens"]) {
      upstream.reply(refuse(`${field} is not supported`));
    }
    const error = await failureOf(send(fields));
    expect(error.body).toEqual({ error: { message: "max_tokens is not supported" } });
    expect(upstream.requests.length).toBe(4);
    upstream.reply(json(completion));
    await send(fields);
    expect(bodies()[4]).toEqual({ ...plain, ...fields });
  });

  test("[5.4:retries] [R0:remembered] forgets of three lessons the one that is doubted and no longer true", async () => {
    let nowMs = 0;
    const send = createSender("generic", "m", () => nowMs);
    for (const field of ["temperature", "stop", "max_tokens"]) {
      upstream.reply(refuse(`${field} is not supported`));
    }
    upstream.respondWith(() => json(completion));
    await send();
    nowMs = 61 * 60_000;
    await send();
    await send();
    const { messages } = plain;
    const bare = { model: "m", max_completion_tokens: 8192, messages };
    expect(bodies().slice(3)).toEqual([
      bare,
      { ...bare, temperature: 0.5 },
      { ...bare, temperature: 0.5, stop: ["END"] },
    ]);
  });

  test("[R0:remembered] learns nothing from a repair that did not help", async () => {
    const send = createSender();
    upstream.reply(refuse("temperature is not supported"));
    upstream.reply(refuse("no", 403));
    await failureOf(send());
    upstream.reply(json(completion));
    await send();
    expect(bodies()[2]).toEqual(plain);
  });

  test("[2.4.2:mistral] is not repaired twice in the same way", async () => {
    upstream.respondWith(() => refuse("Unexpected role 'user' after role 'tool'"));
    await failureOf(createSender()({ messages: interrupted }));
    expect(upstream.requests.length).toBe(2);
  });

  test("[2.4.2:mistral] is not sent again as it was, where there is nothing to repair", async () => {
    upstream.respondWith(() => refuse("Unexpected role 'user' after role 'tool'"));
    await failureOf(createSender()());
    expect(upstream.requests.length).toBe(1);
  });

  test.each([429, 502, 503, 529])("[5.4:retries] is not sent again for a %p", async (code) => {
    upstream.respondWith(() => refuse("temperature is not supported", code));
    const error = await failureOf(createSender()());
    expect(error.status).toBe(code);
    expect(upstream.requests.length).toBe(1);
  });

  test("[F12 5.4:retries] may lose a connection at each of its sends", async () => {
    upstream.reply(hangUp("reset"));
    upstream.reply(refuse("temperature is not supported"));
    upstream.reply(hangUp("reset"));
    upstream.reply(json(completion));
    expect((await createSender()()).answer.kind).toBe("whole");
    expect(upstream.requests.length).toBe(4);
  });

  test("[1.5:watch] whose stop sequences it does not take is watched for them", async () => {
    upstream.reply(refuse("Argument not supported on this model: stop"));
    upstream.reply(json(completion));
    const { built } = await createSender()();
    expect({
      stop: built.body.stop,
      watches: built.plan.watchesStopSequences,
      all: built.plan.stopSequences,
    }).toEqual({
      stop: undefined,
      watches: true,
      all: ["END"],
    });
  });
});

describe("an output limit that does not fit", () => {
  test("[5.3:both E28] is lowered to what is left in the window, for this request only", async () => {
    const send = createSender();
    upstream.reply(refuse(overflow));
    upstream.respondWith(() => json(completion));
    const { repairs } = await send();
    await send();
    expect(bodies()).toEqual([plain, { ...plain, max_tokens: 2499 }, plain]);
    expect(repairs).toEqual(["lowered the output limit to 2499"]);
  });

  test("[5.3:both E28] in vain is told with the numbers of the client's own request", async () => {
    upstream.reply(refuse(overflow));
    upstream.reply(refuse(overflow.replace("8192", "2499").replace("107837", "102144")));
    const error = await failureOf(createSender()());
    expect(error.body).toEqual({ error: { message: overflow } });
    expect(upstream.requests.length).toBe(2);
  });

  test("[5.3:both] whose second request fails otherwise is told so", async () => {
    upstream.reply(refuse(overflow));
    upstream.reply(refuse("slow down", 429));
    const error = await failureOf(createSender()());
    expect(error.status).toBe(429);
    expect(upstream.requests.length).toBe(2);
  });

  test("[5.3:both] that was lowered is not what is told, when others were at fault behind it", async () => {
    upstream.reply(refuse(overflow));
    upstream.reply(refuse("temperature is not supported"));
    upstream.reply(refuse("no such luck"));
    const error = await failureOf(createSender()());
    expect(error.body).toEqual({ error: { message: "no such luck" } });
    expect(upstream.requests.length).toBe(3);
  });

  test("[R0:ceiling] of the model is remembered as its ceiling", async () => {
    const send = createSender();
    upstream.reply(
      refuse("max_tokens is too large: 8192. This model supports at most 4096 completion tokens"),
    );
    upstream.respondWith(() => json(completion));
    await send();
    await send({ max_tokens: 100 });
    await send({ max_tokens: 5000 });
    expect(bodies()).toEqual([
      plain,
      { ...plain, max_tokens: 4096 },
      { ...plain, max_tokens: 100 },
      { ...plain, max_tokens: 4096 },
    ]);
  });
});

describe("reasoning that the upstream refuses", () => {
  const conversation = (...blocks: object[]): MessagesRequest["messages"] =>
    messagesRequestSchema.shape.messages.parse([
      { role: "user", content: "a" },
      { role: "assistant", content: [...blocks, { type: "text", text: "b" }] },
      { role: "user", content: "c" },
    ]);
  /** The assistant messages that the upstream got, one for each request. */
  const assistants = (): unknown[] =>
    upstream.requests.map(({ body }) =>
      sentMessages.parse(body).messages.find(({ role }) => role === "assistant"),
    );
  const mustComeBack = "The reasoning_content in the thinking mode must be passed back to the API.";

  test("[6.4] is left out, and so it is for the rest of the conversation", async () => {
    const send = createSender("openrouter", "anthropic/claude-opus-5.5");
    const messages = conversation({ type: "thinking", thinking: "T", signature: "EqQB" });
    upstream.reply(refuse("messages.1.content.0: Invalid `signature` in `thinking` block"));
    upstream.respondWith(() => json(completion));
    const { repairs } = await send({ messages });
    await send({ messages });
    const detail = {
      type: "reasoning.text",
      text: "T",
      signature: "EqQB",
      format: "anthropic-claude-v1",
      index: 0,
    };
    expect(assistants()).toEqual([
      { role: "assistant", content: "b", reasoning_details: [detail] },
      { role: "assistant", content: "b" },
      { role: "assistant", content: "b" },
    ]);
    expect(repairs).toEqual(["left out reasoning of earlier turns, which the upstream refused"]);
  });

  test("[6.4:stand-in] or misses has a stand-in, and an empty one when that is refused as well", async () => {
    const send = createSender("deepseek", "deepseek-v4-pro");
    const fields = { thinking: { type: "disabled" }, messages: conversation() };
    upstream.reply(refuse(mustComeBack));
    upstream.reply(refuse(mustComeBack));
    upstream.respondWith(() => json(completion));
    await send(fields);
    expect(upstream.requests.length).toBe(3);
    await send(fields);
    expect(assistants()).toEqual([
      { role: "assistant", content: "b" },
      { role: "assistant", content: "b", reasoning_content: " " },
      { role: "assistant", content: "b", reasoning_content: "" },
      { role: "assistant", content: "b", reasoning_content: "" },
    ]);
  });
});
