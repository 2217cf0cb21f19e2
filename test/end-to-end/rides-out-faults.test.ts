import { expect } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunk, chunksOf } from "../support/chunks.ts";
import { type BodyStep, type Reply, silence, sse, sseOf, status } from "../support/reply.ts";
import { startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";
import { installClient } from "./install-client.ts";
import { runClient } from "./run-client.ts";
import { isMain, readResult } from "./session.ts";
import { testClient } from "./test-client.ts";

const said = sse(chunksOf({ text: "All is well." }));
/** Five minutes are for a patient person: `SILENCE_SECONDS=300 bun test rides-out`. */
const silenceSeconds = Number(process.env["SILENCE_SECONDS"] ?? 35);
const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);

/** A real client in front of the real program; `replies` are what its own requests are answered, in order. */
async function startConversation(replies: readonly Reply[]) {
  const folder = await mkdtemp(join(tmpdir(), "claude-work-"));
  await Bun.write(join(folder, "note.txt"), "a note");
  const upstream = await startUpstream();
  let answered = 0;
  upstream.respondWith((request) => {
    if (!isMain(request)) return sse(chunksOf({ text: "{}" }));
    answered += 1;
    return replies[answered - 1] ?? said;
  });
  return {
    folder,
    upstream,
    mainRequests: () => upstream.requests.filter(isMain).length,
    run: async (proxyUrl: string) =>
      runClient({
        command: await installClient("2.1.330"),
        proxyUrl,
        folder,
        prompt: "Say that all is well.",
        flags: ["--model", "sonnet", "--output-format", "json", "--allowedTools", "Read"],
        environment: { CLAUDE_CODE_MAX_RETRIES: "10" },
        timeLimitMs: (silenceSeconds + 90) * 1000,
      }),
    [Symbol.asyncDispose]: async () => {
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const happyEnd = { subtype: "success", is_error: false, result: "All is well." };

testClient("2.1.330", "rides out a restart of the proxy in the middle of its session", async () => {
  const read = (folder: string) =>
    sse(
      chunksOf({
        toolCalls: [{ id: "c1", name: "Read", arguments: { file_path: join(folder, "note.txt") } }],
      }),
    );
  await using conversation = await startConversation([]);
  const { folder, upstream } = conversation;
  let answered = 0;
  upstream.respondWith((request) => {
    if (!isMain(request)) return sse(chunksOf({ text: "{}" }));
    answered += 1;
    return answered === 1 ? read(folder) : answered === 2 ? silence() : said;
  });
  await using first = await startProgram(upstream.baseUrl);
  const done = conversation.run(first.url);
  while (answered < 2) await Bun.sleep(20);
  first.kill("SIGKILL");
  await first.exited;
  await Bun.sleep(500);
  await using second = await startProgram(upstream.baseUrl, { PORT: String(first.port) });
  expect(readResult(await done)).toMatchObject(happyEnd);
  expect([answered, second.url]).toEqual([3, first.url]);
});

testClient("2.1.330", "rides out an upstream that dies in the middle of a stream", async () => {
  const dies = sse([chunk({ content: "All is" })], { done: false, end: "reset", paceMs: 100 });
  await using conversation = await startConversation([dies]);
  await using program = await startProgram(conversation.upstream.baseUrl);
  expect(readResult(await conversation.run(program.url))).toMatchObject(happyEnd);
  expect(conversation.mainRequests()).toBe(2);
});

testClient("2.1.330", "rides out a 429 and waits as long as it is told", async () => {
  const busy = status(429, { error: { message: "slow down" } }, { "retry-after": "2" });
  await using conversation = await startConversation([busy]);
  await using program = await startProgram(conversation.upstream.baseUrl);
  expect(readResult(await conversation.run(program.url))).toMatchObject(happyEnd);
  const [refused, answered] = conversation.upstream.requests.filter(isMain);
  expect(conversation.mainRequests()).toBe(2);
  expect((answered?.receivedAt ?? 0) - (refused?.receivedAt ?? 0)).toBeGreaterThanOrEqual(2000);
});

testClient(
  "2.1.330",
  `rides out ${silenceSeconds} seconds of silence with pings`,
  async () => {
    const late = function* (): Generator<BodyStep> {
      yield event(chunk({ role: "assistant", content: "" }));
      yield { waitMs: silenceSeconds * 1000 };
      for (const one of chunksOf({ text: "All is well." })) yield event(one);
      yield new TextEncoder().encode("data: [DONE]\n\n");
    };
    await using conversation = await startConversation([sseOf(late())]);
    await using program = await startProgram(conversation.upstream.baseUrl);
    expect(readResult(await conversation.run(program.url))).toMatchObject(happyEnd);
    expect(conversation.mainRequests()).toBe(1);
  },
  (silenceSeconds + 120) * 1000,
);
