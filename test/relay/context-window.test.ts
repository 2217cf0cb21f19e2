import { expect, test } from "bun:test";
import { chunk, completionOf, usageChunk } from "../support/chunks.ts";
import { json, sse, status } from "../support/reply.ts";
import { hello, readFailure, readObject, startPair } from "../support/start-pair.ts";

const tooLong = { ...hello, messages: [{ role: "user", content: "word ".repeat(200) }] };
const refusal = status(400, {
  error:
    "Trying to keep the first 250 tokens when context the overflows. However, the model is loaded with context length of only 100 tokens, which is not enough.",
});
const empty = () => sse([chunk({}, "stop"), usageChunk({ prompt_tokens: 1, completion_tokens: 0 })]);

/** However long the count takes on a machine that has just begun to load the tokenizer: the head waits for the answer. */
const pace = { headWithoutUpstreamMs: 60_000, headAfterUpstreamMs: 60_000 };

test("[4.8:overflow] an empty answer of LM Studio to a prompt over the window that it named is an overflow", async () => {
  await using pair = await startPair({ settings: { upstreamProfile: "lmstudio" }, pace });
  pair.upstream.reply(refusal);
  expect(await readFailure(await pair.post(tooLong))).toEqual([
    400,
    "invalid_request_error",
    "prompt is too long: 250 tokens > 100 maximum",
  ]);
  pair.upstream.reply(empty());
  pair.upstream.reply(empty());
  const [code, type, message] = await readFailure(await pair.post({ ...tooLong, stream: true }));
  expect([code, type]).toEqual([400, "invalid_request_error"]);
  expect(message).toMatch(/^prompt is too long: 2\d\d tokens > 100 maximum$/);
  expect(pair.upstream.requests).toHaveLength(3);
});

test("[4.8:overflow 4.8:empty] an empty answer to a prompt that fits stays an empty answer", async () => {
  await using pair = await startPair({ settings: { upstreamProfile: "lmstudio" } });
  pair.upstream.reply(refusal);
  await readFailure(await pair.post(tooLong));
  pair.upstream.reply(empty());
  pair.upstream.reply(empty());
  expect(await readObject(await pair.post(hello))).toMatchObject({ content: [], stop_reason: "end_turn" });
});

test("[3.2:length] an answer that fills the window that the upstream named says so", async () => {
  await using pair = await startPair({ settings: { upstreamProfile: "lmstudio" } });
  pair.upstream.reply(refusal);
  await readFailure(await pair.post(tooLong));
  const full = { text: "cut", finishReason: "length", usage: { prompt_tokens: 70, completion_tokens: 30 } };
  pair.upstream.reply(json(completionOf(full)));
  expect(await readObject(await pair.post({ ...hello, max_tokens: 50 }))).toMatchObject({
    stop_reason: "model_context_window_exceeded",
  });
});
