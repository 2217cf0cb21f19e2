import { expect, test } from "bun:test";
import { buildRecordedRequest } from "../../src/record/build-recorded-request.ts";
import { completionOf } from "../support/chunks.ts";
import { collectTraces } from "../support/collect-traces.ts";
import { createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { json, status } from "../support/reply.ts";
import { hello, type PairOptions, startPair } from "../support/start-pair.ts";

/** What is recorded of one request, which is refused at first. */
async function recordOne(options: PairOptions) {
  const traces = collectTraces();
  await using pair = await startPair({ ...options, watching: traces.watching });
  const message = "Unsupported parameter: 'temperature'";
  pair.upstream.reply(
    status(400, { error: { message, param: "temperature", code: "unsupported_parameter" } }),
  );
  pair.upstream.reply(json(completionOf({ text: "hi" })));
  await (await pair.post({ ...hello, temperature: 0.5 })).text();
  const { record, trace } = await traces.ended(0);
  return { recorded: buildRecordedRequest(record, trace), host: new URL(pair.upstream.baseUrl).host, record };
}

test("without a configuration file the sends are the attempts, in whole milliseconds", async () => {
  const { recorded, host } = await recordOne({});
  const attempt = { upstream: host, model: "medium-model", key: null, error: null, ms: expect.any(Number) };
  expect(recorded.attempts).toEqual([
    { ...attempt, status: 400 },
    { ...attempt, status: 200 },
  ]);
  expect(recorded.attempts.map(({ ms }) => Number.isInteger(ms))).toEqual([true, true]);
  expect(recorded).toMatchObject({ sends: 2, upstream: host, rule: "MEDIUM_MODEL_NAME", costUsd: null });
});

test("with a configuration file the places are the attempts, and the price makes the cost", async () => {
  const facts = { window: 64_000, maxOutput: null, images: null, pdf: null, tools: null, reasoning: null };
  const price = { input: 2, output: 10, cacheRead: 2, cacheWrite: 2 };
  const { recorded, record } = await recordOne({
    fileOf: (baseUrl) =>
      createFileConfig({
        upstreams: [upstreamSettings("only", baseUrl)],
        routes: { sonnet: "only/m" },
        models: new Map([["only/m", { ...facts, price, name: null, like: null }]]),
      }),
  });
  expect(recorded.attempts).toEqual(record.tried);
  expect(recorded).toMatchObject({
    sends: 2,
    upstream: "only",
    window: 64_000,
    costUsd: 0.0003,
    costSource: "price",
  });
});
