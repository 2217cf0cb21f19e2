import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { protocolLoaders } from "../../src/relay/select-protocol.ts";
import { createLateRelays } from "../../src/server/late-relays.ts";
import { type ProxyOptions, startProxy } from "../../src/server/start-proxy.ts";
import { createTurns } from "../../src/turns/turns.ts";
import { chunk, stopChunk } from "../support/chunks.ts";
import { sse } from "../support/reply.ts";
import { hello, readObject, startPair } from "../support/start-pair.ts";
import { createTestConfig } from "../support/test-config.ts";
import { startUpstream } from "../support/upstream.ts";

// What serves messages is loaded by the first request that needs it, or by `prepare`.

const answer = sse([chunk({ content: "hi" }), stopChunk]);

test("messages that come before anything is loaded are all answered", async () => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => answer);
  const responses = await Promise.all(Array.from({ length: 5 }, () => pair.post({ ...hello, stream: true })));
  const texts = await Promise.all(responses.map((response) => response.text()));
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(texts.every((text) => text.includes("event: message_stop"))).toBe(true);
  expect(pair.upstream.requests.length).toBe(5);
});

test.each(["/status", "/v1/models", "/v1/models/claude-opus"])("%s may be the first to ask", async (path) => {
  await using pair = await startPair();
  expect((await fetch(`${pair.proxy.url}${path}`)).status).toBe(200);
});

test("another configuration comes into force before anybody has asked", async () => {
  await using pair = await startPair();
  const other = await startUpstream();
  try {
    other.respondWith(() => answer);
    await pair.proxy.reconfigure({ baseUrl: other.baseUrl });
    expect((await pair.post({ ...hello, stream: true })).status).toBe(200);
    expect([pair.upstream.requests.length, other.requests.length]).toEqual([0, 1]);
  } finally {
    await other.stop();
  }
});

/** A proxy that nobody has asked for anything. */
async function startUnasked(options: Partial<ProxyOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-late-"));
  const note = () => {};
  const logger = { isDebug: false, info: note, warn: note, error: note, debugBody: note, request: note };
  const config = createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: join(folder, "log") });
  const version = "0.0.0-test";
  const proxy = await startProxy({ config, logger: { ...logger, close: note }, version, ...options });
  return {
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy.stopNow();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("what cannot be loaded fails whoever prepares, while probes are answered", async () => {
  const fail = async () => Promise.reject(new Error("the disk is gone"));
  await using unasked = await startUnasked({ protocols: { chat: fail, responses: fail } });
  const { proxy } = unasked;
  expect((await fetch(`${proxy.url}/health`)).status).toBe(200);
  await expect(proxy.prepare()).rejects.toThrow("the disk is gone");
  expect((await fetch(`${proxy.url}/health`)).status).toBe(200);
});

test("a configuration whose wires cannot be loaded does not come into force", async () => {
  const fail = async () => Promise.reject(new Error("the disk is gone"));
  await using unasked = await startUnasked({ protocols: { ...protocolLoaders, responses: fail } });
  const { proxy } = unasked;
  const config = createTestConfig({
    baseUrl: "http://127.0.0.1:8/v1",
    logFilePath: join(tmpdir(), "log"),
    addressProtocol: "responses",
  });
  await expect(proxy.reconfigure(config)).rejects.toThrow("the disk is gone");
  const status = await readObject(await fetch(`${proxy.url}/status`));
  expect(JSON.stringify(status)).toContain("127.0.0.1:9/v1");
});

test.each(["stop", "stopNow"] as const)("%s ends a server of which nothing was loaded", async (way) => {
  await using unasked = await startUnasked();
  const { proxy } = unasked;
  await proxy[way]();
  await expect(fetch(`${proxy.url}/health`)).rejects.toThrow();
});

test("a server that ends while it prepares ends after that", async () => {
  await using unasked = await startUnasked();
  const prepared = unasked.proxy.prepare();
  expect(await Promise.all([prepared, unasked.proxy.stop()])).toEqual([undefined, undefined]);
});

test("a relay that could not be created is created for the next who asks", async () => {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-late-"));
  const note = () => {};
  const logger = { isDebug: false, info: note, warn: note, error: note, debugBody: note, request: note };
  const config = createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: join(folder, "log") });
  const relays = createLateRelays({
    config,
    logger: { ...logger, close: note },
    version: "0.0.0-test",
    takeTurn: createTurns(),
    newId: () => "id",
  });
  let asked = 0;
  const faulty = {
    ...config,
    get appName() {
      asked += 1;
      if (asked === 1) throw new Error("no descriptor is left");
      return config.appName;
    },
  };
  try {
    const loadRelay = relays.configure(faulty);
    const both = await Promise.allSettled([loadRelay(), loadRelay()]);
    expect(both.map((one) => (one.status === "rejected" ? String(one.reason) : one.status))).toEqual([
      "Error: no descriptor is left",
      "Error: no descriptor is left",
    ]);
    const relay = await loadRelay();
    expect(await loadRelay()).toBe(relay);
    expect(asked).toBe(2);
  } finally {
    await relays.close();
    await rm(folder, { recursive: true, force: true });
  }
});
