import { expect, test } from "bun:test";
import { chunksOf, completionOf, usageChunk } from "../support/chunks.ts";
import { parseWireEvents } from "../support/grammar.ts";
import { json, sse } from "../support/reply.ts";
import { hello, readBytes, readObject, startPair } from "../support/start-pair.ts";

// Raw tokens of `hello`: its text, 4 for the message and 3 for the start of the reply; others are charged 1.1 each.
const counted = Math.ceil((1 + 4 + 3) * 1.1);

test("[7] message_start has a guess, and nothing is counted for an answer that tells its usage", async () => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => sse([...chunksOf({ text: "one" }).slice(0, -1), usageChunk()]));
  const question = "x".repeat(350);
  const request = { ...hello, stream: true, messages: [{ role: "user", content: question }] };
  const [start] = parseWireEvents(await readBytes(await pair.post(request)));
  const guess = Math.ceil((350 / 3.5 + 4 + 3) * 1.1);
  expect(start?.data["message"]).toMatchObject({ usage: { input_tokens: guess, output_tokens: 0 } });
  const charged = 100;
  expect((await pair.proxy.record(0)).estimateErrorPercent).toBe(((guess - charged) / charged) * 100);
});

test.each([
  ["claude-cli/1.0.56 (external, cli)", false],
  ["claude-cli/2.0.77 (external, cli)", true],
  ["claude-cli/2.1.330 (external, sdk-cli)", true],
  ["claude-cli/10.0.0 (external, cli)", true],
  ["anthropic/js 1.12.0", true],
])(
  "[4.1:message_start] a client that adds it to the final number gets no guess: %s",
  async (agent, hasGuess) => {
    await using pair = await startPair();
    pair.upstream.respondWith(() => sse([...chunksOf({ text: "one" }).slice(0, -1), usageChunk()]));
    const response = await pair.post({ ...hello, stream: true }, { headers: { "user-agent": agent } });
    const events = parseWireEvents(await readBytes(response));
    const input_tokens = hasGuess ? Math.ceil((2 / 3.5 + 4 + 3) * 1.1) : 0;
    expect(events[0]?.data["message"]).toMatchObject({ usage: { input_tokens } });
    expect(events.at(-2)?.data["usage"]).toMatchObject({ input_tokens: 100 });
  },
);

test("[7] message_start has what was counted before, and the error of that is logged", async () => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => sse([...chunksOf({ text: "one" }).slice(0, -1), usageChunk()]));
  expect(await readObject(await pair.count())).toEqual({ input_tokens: counted });
  const [start] = parseWireEvents(await readBytes(await pair.post({ ...hello, stream: true })));
  expect(start?.data["message"]).toMatchObject({ usage: { input_tokens: counted } });
  expect((await pair.proxy.record(1)).estimateErrorPercent).toBe(((counted - 100) / 100) * 100);
});

test("[7] message_start has the count of new text too, once the tokenizer is awake", async () => {
  await using pair = await startPair();
  await using untaught = await startPair();
  await pair.count();
  const question = "x".repeat(350);
  const request = { ...hello, messages: [{ role: "user", content: question }] };
  const events = [...chunksOf({ text: "one" }).slice(0, -1), usageChunk()];
  // An upstream thinks for a while before it says the first word.
  pair.upstream.respondWith(() => sse(events, { headDelayMs: 200 }));
  const [start] = parseWireEvents(await readBytes(await pair.post({ ...request, stream: true })));
  const { input_tokens } = await readObject(await untaught.count(request));
  expect(input_tokens).not.toBe(Math.ceil((350 / 3.5 + 4 + 3) * 1.1));
  expect(start?.data["message"]).toMatchObject({ usage: { input_tokens } });
  // Learned from at once: nothing waits for a pause.
  const { estimateErrorPercent } = await pair.proxy.record(1);
  expect(estimateErrorPercent).toBe(((Number(input_tokens) - 100) / 100) * 100);
});

test("[7] what answers were charged as is learned in the first pause, though nothing was counted", async () => {
  await using pair = await startPair({ quietMs: 50 });
  pair.upstream.respondWith(() =>
    json(completionOf({ text: "hello", usage: { prompt_tokens: 12, completion_tokens: 2 } })),
  );
  await readObject(await pair.post(hello));
  let count = await readObject(await pair.count());
  for (let tries = 0; tries < 100 && count["input_tokens"] === counted; tries += 1) {
    await Bun.sleep(50);
    count = await readObject(await pair.count());
  }
  expect(count).toEqual({ input_tokens: 12 });
});

test("[7] an answer without usage is counted", async () => {
  await using pair = await startPair();
  const untold = { ...completionOf({ text: "hello" }), usage: null };
  pair.upstream.respondWith(() => json(untold));
  const message = await readObject(await pair.post(hello));
  expect(message["usage"]).toMatchObject({ input_tokens: counted, output_tokens: 2 });
});
