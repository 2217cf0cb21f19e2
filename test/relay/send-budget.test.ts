import { describe, expect, test } from "bun:test";
import { mostSends } from "../../src/upstream/send-budget.ts";
import { completionOf } from "../support/chunks.ts";
import { hangUp, json, type Reply, status } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";

const reset = hangUp("reset");
const empty = json(
  completionOf({ text: "", usage: { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 } }),
);
const ok = json(completionOf({ text: "ok" }));
const refuse = (field: string) => status(400, { error: { message: `Unknown parameter: '${field}'.` } });

const full = { ...hello, temperature: 0.5, top_p: 0.5, stop_sequences: ["END"] };

/** What came of one request to an upstream that answers so, in turn, and for ever like the last one. */
async function play(pair: Pair, replies: readonly Reply[], stream = false) {
  for (const reply of replies.slice(0, -1)) pair.upstream.reply(reply);
  pair.upstream.respondWith(() => replies.at(-1) ?? ok);
  const response = await pair.post({ ...full, stream });
  const text = await response.text();
  const { attempts, repairs } = await pair.proxy.record(0);
  return { status: response.status, text, sends: pair.upstream.requests.length, attempts, repairs };
}

describe("[F12 5.4:retries] one request of a client", () => {
  const cases: [string, Reply[], number, number, string][] = [
    [
      "resets before every repair",
      [reset, refuse("temperature"), reset, refuse("top_p"), ok],
      400,
      4,
      "top_p",
    ],
    [
      "a reset of the last send",
      [refuse("temperature"), reset, refuse("top_p"), reset, ok],
      502,
      4,
      "ECONNRESET",
    ],
    ["repairs, then empty answers", [refuse("temperature"), refuse("top_p"), empty], 200, 4, `"content":[]`],
    ["empty answers behind resets", [reset, empty, reset, empty, ok], 200, 4, `"content":[]`],
    [
      "an empty answer, then repairs",
      [empty, refuse("temperature"), refuse("top_p"), refuse("stop"), ok],
      400,
      4,
      "stop",
    ],
    [
      "all of it",
      [reset, refuse("temperature"), reset, empty, reset, refuse("top_p"), reset, empty, ok],
      200,
      4,
      `"content":[]`,
    ],
    ["all that is within it", [reset, refuse("temperature"), empty, ok], 200, 4, `"text":"ok"`],
    ["resets only", [reset], 502, 2, "ECONNRESET"],
    ["empty answers only", [empty], 200, 2, `"content":[]`],
    ["three faults", [refuse("temperature"), refuse("top_p"), refuse("stop"), ok], 200, 4, `"text":"ok"`],
    [
      "three faults and an empty answer",
      [refuse("temperature"), refuse("top_p"), refuse("stop"), empty],
      200,
      4,
      `"content":[]`,
    ],
    ["refusals only", [refuse("temperature"), refuse("top_p"), refuse("stop")], 400, 4, "stop"],
  ];
  test.each(cases)("is sent four times at most: %s", async (_name, replies, code, sends, told) => {
    await using pair = await startPair();
    const seen = await play(pair, replies);
    expect(mostSends).toBe(4);
    expect({ status: seen.status, sends: seen.sends, attempts: seen.attempts }).toEqual({
      status: code,
      sends,
      attempts: sends,
    });
    expect(seen.text).toContain(told);
  });

  test("as a stream, too", async () => {
    await using pair = await startPair();
    const replies = [reset, refuse("temperature"), reset, empty, reset, refuse("top_p"), reset, empty, ok];
    const seen = await play(pair, replies, true);
    expect([seen.sends, seen.attempts]).toEqual([4, 4]);
    expect(seen.text).toContain("event: message_stop");
  });

  test.each([
    ["temperature must be between 0 and 0.1", "refused this time"],
    ["Unknown parameter: 'temperature'.", "does not take"],
  ])("keeps its repairs when an empty answer is asked for again: %s", async (text, why) => {
    await using pair = await startPair();
    expect(await play(pair, [status(400, { error: { message: text } }), empty, ok])).toMatchObject({
      status: 200,
      sends: 3,
      attempts: 3,
      repairs: [`left out temperature, which the upstream ${why}`],
    });
  });
});

test("[F12] a send whose answer breaks off is counted, with the one before it", async () => {
  await using pair = await startPair();
  pair.upstream.reply(reset);
  pair.upstream.reply(status(200, "no completion"));
  await (await pair.post(hello)).text();
  expect((await pair.proxy.record(0)).attempts).toBe(2);
});
