import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLearnedFile, updateLearnedFile } from "../../src/learned/learned-file.ts";
import { completionOf } from "../support/chunks.ts";
import { json, status } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startTestProxy, type TestProxy } from "../support/start-proxy.ts";
import { objectOf } from "../support/strict/json.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

let folder: string;
let learned: string;
let upstream: Upstream;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "learned-before-"));
  learned = join(folder, "learned.json");
  upstream = await startUpstream();
  upstream.respondWith(({ body }) =>
    objectOf(body)["temperature"] === undefined
      ? json(completionOf({ text: "ok" }))
      : status(400, {
          error: { message: "Unknown parameter: 'temperature', said sk-upstream-key", param: "temperature" },
        }),
  );
});

afterEach(async () => {
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = () => startTestProxy(upstream.baseUrl, { settings: { stateFolder: folder } });

/** Sends a request that the upstream refuses as it is, and gives how often it was sent. */
async function ask(proxy: TestProxy): Promise<number> {
  const before = upstream.requests.length;
  const response = await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...hello, temperature: 0.5 }),
  });
  await response.text();
  expect(response.status).toBe(200);
  return upstream.requests.length - before;
}

test("what a proxy learned from a refusal, the next one knows at its first request", async () => {
  const first = await start();
  expect(await ask(first)).toBe(2);
  await first.stop();
  const { lessons } = JSON.parse(readFileSync(learned, "utf8"));
  expect(lessons).toEqual([
    {
      upstream: upstream.baseUrl.replace("http://", ""),
      kind: "chat-repair",
      model: "medium-model",
      key: "omit-field temperature",
      value: { kind: "omit-field", field: "temperature", scope: "model" },
      from: "400: Unknown parameter: 'temperature', said …",
      at: expect.any(String),
    },
  ]);
  const next = await start();
  expect(await ask(next)).toBe(1);
  await next.stop();
});

test("a proxy that runs notices that it was cleared", async () => {
  const proxy = await start();
  expect([await ask(proxy), await ask(proxy)]).toEqual([2, 1]);
  // Until it has written what it learned.
  while (!existsSync(learned)) await Bun.sleep(20);
  const file = () => ({ nowMs: Date.now(), warn: () => {} });
  const clearings = [{ upstream: null, model: null, atMs: Date.now() }];
  await updateLearnedFile(learned, { lessons: [], clearings }, file());
  await Bun.sleep(1_000);
  expect(await ask(proxy)).toBe(2);
  await proxy.stop();
  expect((await readLearnedFile(learned, file())).lessons).toHaveLength(1);
});

test("a file of garbage is said once, and no request fails because of it", async () => {
  writeFileSync(learned, "garbage");
  const proxy = await start();
  expect([await ask(proxy), await ask(proxy)]).toEqual([2, 1]);
  expect(proxy.complaints.filter((line) => line.includes("learned.json"))).toHaveLength(1);
  await proxy.stop();
});

test("a proxy that learns nothing writes nothing", async () => {
  upstream.respondWith(() => json(completionOf({ text: "ok" })));
  const proxy = await start();
  expect(await ask(proxy)).toBe(1);
  await proxy.stop();
  expect(existsSync(learned)).toBe(false);
});
