import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { chunk } from "../support/chunks.ts";
import { createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { sse } from "../support/reply.ts";
import { hello, type PairOptions, readBytes, startPair } from "../support/start-pair.ts";
import budget from "./budget.json" with { type: "json" };

/** A conversation of so many messages as an agent has in a day: each is some objects in every form it takes. */
const messages = Array.from({ length: 20_000 }, (_, index) => ({
  role: index % 2 === 0 ? "user" : "assistant",
  content: [{ type: "text", text: `message ${index}` }],
}));
const request = { ...hello, messages: [...messages, ...hello.messages] };

function countObjects(): number {
  Bun.gc(true);
  return heapStats().objectCount;
}

const capped: PairOptions = {
  settings: { record: "on", budgetUsdPerDay: 100, budgetUnknownPrice: { input: 1, output: 1 } },
};
const fromFile: PairOptions = {
  fileOf: (baseUrl) =>
    createFileConfig({ upstreams: [upstreamSettings("desk", baseUrl)], routes: { default: "desk/*" } }),
};

test.each([
  ["by settings alone", {}],
  ["with a cap", capped],
  ["by a file", fromFile],
  ["by a file, with a cap", { ...capped, ...fromFile }],
])("an open stream does not hold its conversation: %s", async (_, options) => {
  await using pair = await startPair(options);
  pair.upstream.respondWith(() => sse([chunk({ content: "Well" })], { done: false, end: "stall" }));
  const openStream = async () => {
    const reader = (await pair.post({ ...request, stream: true })).body?.getReader();
    await reader?.read();
    // The upstream of these tests keeps what it got.
    pair.upstream.requests.length = 0;
    return reader;
  };
  // What nobody has counted yet is held until that is done, in the pause behind the answers.
  await readBytes(await pair.count(request));
  // What is made once, for the first request of all.
  const first = await openStream();
  const before = countObjects();
  const streams = [await openStream(), await openStream(), await openStream()];
  const held = (countObjects() - before) / streams.length;
  expect(held).toBeLessThan(budget.objectsOfOpenStream);
  for (const reader of [first, ...streams]) await reader?.cancel();
});
