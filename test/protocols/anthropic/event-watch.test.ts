import { expect, test } from "bun:test";
import { EventWatch } from "../../../src/protocols/anthropic/event-watch.ts";
import { errorText, event, messageEvents } from "../../support/anthropic-upstream.ts";
import { createRandom } from "../../support/random.ts";
import { splitAtRandom } from "../../support/split-at-random.ts";

function watchOf(pieces: Iterable<Uint8Array>): EventWatch {
  const watch = new EventWatch();
  for (const piece of pieces) watch.push(piece);
  return watch;
}

const seen = ({ facts, events, hasStarted, isOver, isInsideEvent }: EventWatch) => ({
  facts,
  events,
  hasStarted,
  isOver,
  isInsideEvent,
});

const long = "x".repeat(3000);
const answers = {
  plain: messageEvents().join(""),
  returns: messageEvents().join("").replaceAll("\n", "\r\n"),
  comments: `: hello\n\n${messageEvents([long, "☕"]).join(": wait\n\n")}data: [DONE]\n\n`,
  failing: `${messageEvents().slice(0, 4).join("")}${event(JSON.parse(errorText("overloaded_error", "full")))}`,
  cut: messageEvents().join("").slice(0, -30),
};

for (const [name, answer] of Object.entries(answers)) {
  test(`the same is seen however the bytes are cut: ${name}`, () => {
    const bytes = Buffer.from(answer);
    const whole = seen(watchOf([bytes]));
    for (let at = 1; at < bytes.length; at += 1)
      expect(seen(watchOf([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(whole);
    expect(seen(watchOf(splitAtRandom(bytes, createRandom(7))))).toEqual(whole);
    expect(seen(watchOf(Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(whole);
  });
}

test("what an answer tells", () => {
  expect(seen(watchOf([Buffer.from(answers.plain)]))).toEqual({
    facts: {
      model: "claude-opus-5-5",
      stopReason: "end_turn",
      usage: {
        inputTokens: 25,
        outputTokens: 12,
        cacheReadTokens: 9,
        cacheWriteTokens: 7,
        thinkingTokens: 3,
      },
      error: null,
    },
    events: 7,
    hasStarted: true,
    isOver: true,
    isInsideEvent: false,
  });
  expect(watchOf([Buffer.from(answers.failing)]).facts.error).toMatchObject({
    type: "overloaded_error",
    message: "full",
  });
});

test("bytes are inside an event from its first one to the blank line behind it", () => {
  const watch = new EventWatch();
  const states = [...event({ type: "ping" })].map((character) => {
    watch.push(Buffer.from(character));
    return watch.isInsideEvent;
  });
  expect(states.lastIndexOf(true)).toBe(states.length - 2);
  expect(states.slice(0, -1)).not.toContain(false);
  watch.push(Buffer.from(": comment\n"));
  expect(watch.isInsideEvent).toBe(false);
});

test("a ping is no beginning, an error is", () => {
  const ping = Buffer.from(event({ type: "ping" }));
  expect(seen(watchOf([ping]))).toMatchObject({ hasStarted: false, events: 0 });
  const error = Buffer.from(event({ type: "error", error: {} }));
  expect(seen(watchOf([ping, error]))).toMatchObject({ hasStarted: true, events: 0 });
});

test("numbers that are none, and data that is no JSON, tell nothing", () => {
  const odd = {
    type: "message_delta",
    usage: { input_tokens: -1, output_tokens: "9" },
    delta: { stop_reason: 5 },
  };
  const watch = watchOf([Buffer.from(`${event(odd)}event: message_delta\ndata: {"usage"\n\n`)]);
  expect(watch.facts).toMatchObject({ stopReason: null, usage: { inputTokens: null, outputTokens: null } });
});
