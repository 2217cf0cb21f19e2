import { expect, test } from "bun:test";
import fc from "fast-check";
import { hello, readObject, startPair } from "../support/start-pair.ts";
import { ordinaryText } from "../tokens/ordinary-text.ts";

/** A conversation of this many bytes that nobody has counted before. */
function conversation(seed: number, bytes: number): object {
  const texts = fc.sample(ordinaryText, { numRuns: 400, seed });
  const messages: object[] = [];
  for (let size = 0, turn = 0; size < bytes; turn += 1) {
    const content = `${seed} ${turn} ${texts.slice(turn % 300, (turn % 300) + 20).join(" ")}`;
    messages.push({ role: turn % 2 === 0 ? "user" : "assistant", content });
    size += Buffer.byteLength(content);
  }
  return { model: hello.model, messages };
}

test("[7:fast] 500 kB are counted in less than 200 ms, once the tokenizer is loaded", async () => {
  await using pair = await startPair();
  const count = async (body: object): Promise<number> => {
    const startedAtMs = performance.now();
    const response = await fetch(`${pair.proxy.url}/v1/messages/count_tokens`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    expect(await readObject(response)).toEqual({ input_tokens: expect.any(Number) });
    return performance.now() - startedAtMs;
  };
  await count(conversation(1, 500_000));
  const timesMs: number[] = [];
  // The best of five, and of 25 before it counts as slow: what else the machine does is not what is measured.
  for (let seed = 2; seed < 27 && (seed < 7 || Math.min(...timesMs) >= 200); seed += 1) {
    timesMs.push(await count(conversation(seed, 500_000)));
  }
  expect(Math.min(...timesMs)).toBeLessThan(200);
}, 60_000);
