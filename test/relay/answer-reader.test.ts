import { describe, expect, test } from "bun:test";
import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import { runNow } from "../../src/turns/turns.ts";
import type { DecodedItem } from "../../src/upstream/answer-decoder.ts";
import { startHookedServer } from "../server/hooked-server.ts";
import { watchTimers } from "../server/watch-timers.ts";
import { chunk, completionOf, stopChunk } from "../support/chunks.ts";
import { type ChatAnswer, answerOf as streamOf } from "../support/compose-app.ts";
import { hello } from "../support/start-pair.ts";

const info = { upstreamRequestId: null, attempts: 1 };
const wholeOf = (text: string): ChatAnswer => ({
  kind: "whole",
  item: completionOf({ text }),
  info,
});
const long = "long words\n".repeat(60_000);

/** Sends one request, whose upstream answers with `answer`; `turns` is how often a turn was taken for it. */
async function ask(answer: ChatAnswer, { stream = true, lingerMs = 1000 } = {}) {
  let turns = 0;
  await using server = startHookedServer(() => ({
    upstream: { send: async () => answer },
    lingerMs,
    takeTurn: (step) => {
      turns += 1;
      return runNow(step);
    },
  }));
  const response = await fetch(`${server.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...hello, stream }),
  });
  const text = await Promise.race([response.text(), Bun.sleep(5000).then(() => "not ended")]);
  return { text, turns, idleSeconds: server.idleSeconds };
}

describe("[F3] turns are taken for what is long", () => {
  test.each<[string, ChatAnswer, boolean]>([
    ["short chunks", streamOf([chunk({ content: "a" }), stopChunk]), false],
    ["a short whole answer", wholeOf("a"), false],
    ["a long whole answer", wholeOf(long), true],
  ])("%s: %p", async (_, answer, takesTurns) => {
    const { text, turns } = await ask(answer);
    expect(text).toContain("event: message_stop");
    expect(turns > 0).toBe(takesTurns);
  });
});

test("[F3] a long event waits for a turn of its own, and so does what is made of it", async () => {
  const reads: DecodedItem<ChatChunk>[][] = [
    [
      { kind: "item", item: chunk({ content: "a" }) },
      { kind: "item", item: chunk({ content: long }), isLong: true },
    ],
    [{ kind: "item", item: stopChunk }, { kind: "done" }],
  ];
  const source = { read: async () => reads.shift() ?? null, cancel: () => {} };
  const { text, turns } = await ask({ kind: "events", source, info });
  expect(text).toContain("event: message_stop");
  expect(turns).toBe(2);
});

test("[4.3] a client whose head went out without the upstream is waited for by no timer", async () => {
  using timers = watchTimers();
  await using server = startHookedServer(({ pace }) => ({
    upstream: {
      send: async () => {
        await Bun.sleep(200);
        return streamOf([chunk({ content: "a" }), stopChunk]);
      },
    },
    pace: { ...pace, headWithoutUpstreamMs: 50, headAfterUpstreamMs: 60_000 },
    lingerMs: 10,
  }));
  const response = await fetch(`${server.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...hello, stream: true }),
  });
  expect(await response.text()).toContain("event: message_stop");
  expect(timers.active()).toEqual([]);
});

describe("[4.2] the usage may come late", () => {
  test("and when it does not come, the answer ends and the upstream is let go", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let cancels = 0;
    const cancel = () => {
      cancels += 1;
      resolve();
    };
    const startMs = performance.now();
    const { text } = await ask(streamOf([chunk({ content: "a" }), stopChunk, () => promise], cancel), {
      lingerMs: 100,
    });
    expect(text).toContain("event: message_stop");
    expect(cancels).toBeGreaterThan(0);
    expect(performance.now() - startMs).toBeGreaterThan(95);
  });

  test("and an upstream that fails meanwhile costs nothing else", async () => {
    const fail = () => {
      throw new Error("gone");
    };
    const { text } = await ask(streamOf([chunk({ content: "a" }), stopChunk, fail]));
    expect(text).toContain('"stop_reason":"end_turn"');
    expect(text).toContain("event: message_stop");
    expect(text).not.toContain("event: error");
  });
});

describe("[4.7:silent] how long a client may be silent", () => {
  test.each([
    ["a stream: as long as one may that takes nothing", true, [120]],
    ["a whole answer: as long as the upstream takes, and then as others", false, [0, 120]],
  ])("%s", async (_, stream, seconds) => {
    const { idleSeconds } = await ask(wholeOf("a"), { stream });
    // Before that the body was read, which has a pace of its own.
    expect(idleSeconds.slice(-seconds.length)).toEqual(seconds);
  });

  test("a count: as long as it takes, and then as others", async () => {
    await using server = startHookedServer(() => ({}));
    const response = await fetch(`${server.url}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: hello.model, messages: hello.messages }),
    });
    expect(response.status).toBe(200);
    expect(server.idleSeconds.slice(-2)).toEqual([0, 120]);
  });
});
