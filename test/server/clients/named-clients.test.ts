import { afterEach, describe, expect, spyOn, test } from "bun:test";
import type { ClientSettings } from "../../../src/config/file-config.ts";
import type { UpstreamSettings } from "../../../src/config/upstream-settings.ts";
import { completionOf } from "../../support/chunks.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { json } from "../../support/reply.ts";
import { hello, type Pair, readFailure, startPair } from "../../support/start-pair.ts";

let pair: Pair | null = null;

afterEach(async () => {
  await pair?.[Symbol.asyncDispose]();
  pair = null;
});

function fileWith(clients: readonly ClientSettings[], upstream: UpstreamSettings) {
  return createFileConfig({ upstreams: [upstream], clients, routes: { default: "desk/big-model" } });
}

/** An upstream, and a proxy whose configuration file names these clients. */
async function start(
  clients: readonly ClientSettings[],
  more: { passesClientKey?: boolean; proxyApiKey?: string } = {},
): Promise<Pair> {
  const { passesClientKey = false, proxyApiKey = null } = more;
  pair = await startPair({
    settings: { proxyApiKey },
    fileOf: (baseUrl) => fileWith(clients, upstreamSettings("desk", baseUrl, { passesClientKey })),
  });
  pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
  return pair;
}

const statusOf = async (one: Pair, headers: Record<string, string>) =>
  (await one.post(hello, { headers })).status;

const webTeam = clientSettings("web-team");
const ci = clientSettings("ci");
const refusal =
  "claude-proxy: wrong or missing client key. Set ANTHROPIC_AUTH_TOKEN to the key of one of the proxy's clients.";

describe("whose key it is", () => {
  test("each client is let in with its own key, in any of three headers, and stands in the record", async () => {
    const one = await start([webTeam, ci], { proxyApiKey: "key-of-the-default" });
    const headers: Record<string, string>[] = [
      { "x-api-key": webTeam.key },
      { authorization: `Bearer ${ci.key}` },
      { "x-claude-proxy-key": ci.key, authorization: "Bearer something-else" },
      { "x-api-key": "key-of-the-default" },
    ];
    for (const own of headers) expect(await statusOf(one, own)).toBe(200);
    await one.proxy.record(3);
    expect(one.proxy.records.map(({ client }) => client)).toEqual(["web-team", "ci", "ci", "default"]);
  });

  test.each<[string, Record<string, string>]>([
    ["no key", {}],
    ["a key of nobody", { "x-api-key": "web-team-client-kez" }],
    ["the keys of two in one header", { "x-api-key": `${webTeam.key}, ${ci.key}` }],
    ["the name of a client", { "x-api-key": "ci" }],
    ["an empty key", { "x-claude-proxy-key": "" }],
  ])("%s is a 401, in the record without a name", async (_, headers) => {
    const one = await start([webTeam, ci]);
    const failure = await readFailure(await one.post(hello, { headers }));
    expect(failure).toEqual([401, "authentication_error", refusal]);
    expect((await one.proxy.record(0)).client).toBeNull();
    expect(one.upstream.requests).toHaveLength(0);
  });

  test("where a client's own credential is passed on, only the proxy's own header counts", async () => {
    const one = await start([ci], { passesClientKey: true, proxyApiKey: "key-of-the-default" });
    const [status, type, message] = await readFailure(
      await one.post(hello, { headers: { authorization: `Bearer ${ci.key}`, "x-api-key": ci.key } }),
    );
    expect([status, type]).toEqual([401, "authentication_error"]);
    expect(message).toContain('Set ANTHROPIC_CUSTOM_HEADERS to "x-claude-proxy-key: KEY"');
    const own = { "x-claude-proxy-key": ci.key, authorization: "Bearer sk-ant-oat01-canary-own-login" };
    expect(await statusOf(one, own)).toBe(200);
    expect(await statusOf(one, { "x-claude-proxy-key": "key-of-the-default" })).toBe(200);
    expect(await statusOf(one, { "x-api-key": "key-of-the-default" })).toBe(401);
  });

  test("a file without clients lets anybody in, and its records name nobody", async () => {
    const one = await start([]);
    expect(await statusOf(one, {})).toBe(200);
    expect(await one.proxy.record(0)).not.toHaveProperty("client");
  });

  test("without a file the proxy's own header says nothing, and the record names nobody", async () => {
    pair = await startPair({ settings: { proxyApiKey: "key-of-the-default" } });
    pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
    expect(await statusOf(pair, { "x-claude-proxy-key": "key-of-the-default" })).toBe(401);
    expect(await statusOf(pair, { "x-api-key": "key-of-the-default" })).toBe(200);
    for (const index of [0, 1]) expect(await pair.proxy.record(index)).not.toHaveProperty("client");
  });

  test("a key is compared once, wherever the right one stands, and where there is none", async () => {
    const clients = ["a", "b", "c"].map((name) => clientSettings(name));
    const one = await start(clients);
    const compare = spyOn(crypto, "timingSafeEqual");
    const calls: number[] = [];
    for (const key of [...clients.map((client) => client.key), "of-nobody"]) {
      compare.mockClear();
      await statusOf(one, { "x-api-key": key, authorization: `Bearer ${key}` });
      calls.push(compare.mock.calls.length);
    }
    compare.mockRestore();
    // It comes in two headers.
    expect(calls).toEqual([2, 2, 2, 2]);
  });
});

describe("requests_per_minute", () => {
  test("beyond the limit of a client is a 429 with the wait, for that client alone", async () => {
    const one = await start([clientSettings("ci", { requestsPerMinute: 2 }), webTeam]);
    const asCi = { headers: { "x-api-key": ci.key } };
    expect((await one.post(hello, asCi)).status).toBe(200);
    // A body that is refused counts as well: reading it is work, too.
    expect((await one.post("{", asCi)).status).toBe(400);
    const refused = await one.post(hello, asCi);
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get("x-should-retry")).toBeNull();
    const words = `claude-proxy: the client ci may send 2 requests a minute (requests_per_minute). Try again in ${wait} seconds.`;
    expect(await readFailure(refused)).toEqual([429, "rate_limit_error", words]);
    expect(await statusOf(one, { "x-api-key": webTeam.key })).toBe(200);
    expect(one.upstream.requests).toHaveLength(2);
  });

  test("counts and lists of models are not held against it", async () => {
    const one = await start([clientSettings("ci", { requestsPerMinute: 1 })]);
    const headers = { "x-api-key": ci.key, "content-type": "application/json" };
    const body = JSON.stringify(hello);
    for (let index = 0; index < 3; index += 1) {
      const counted = await fetch(`${one.proxy.url}/v1/messages/count_tokens`, {
        method: "POST",
        headers,
        body,
      });
      expect(counted.status).toBe(200);
      expect((await fetch(`${one.proxy.url}/v1/models`, { headers })).status).toBe(200);
    }
    expect(await statusOf(one, headers)).toBe(200);
    expect(await statusOf(one, headers)).toBe(429);
  });
});

describe("another configuration", () => {
  test("shuts out and lets in, and what was used of a limit stays used", async () => {
    const limited = clientSettings("ci", { requestsPerMinute: 1 });
    const one = await start([limited, webTeam]);
    const reconfigure = (clients: readonly ClientSettings[]) =>
      one.proxy.reconfigure({ file: fileWith(clients, upstreamSettings("desk", one.upstream.baseUrl)) });
    expect(await statusOf(one, { "x-api-key": ci.key })).toBe(200);
    const renewed = clientSettings("ci", { requestsPerMinute: 1, key: "another-key-of-ci" });
    await reconfigure([renewed]);
    expect(await statusOf(one, { "x-api-key": ci.key })).toBe(401);
    expect(await statusOf(one, { "x-api-key": webTeam.key })).toBe(401);
    expect(await statusOf(one, { "x-api-key": renewed.key })).toBe(429);
    await reconfigure([{ ...renewed, requestsPerMinute: 2 }]);
    expect(await statusOf(one, { "x-api-key": renewed.key })).toBe(200);
    await reconfigure([]);
    expect(await statusOf(one, {})).toBe(200);
  });

  test("the last failure shows no key that came with it", async () => {
    const one = await start([ci]);
    const later = "canary-of-later-0123456789";
    await one.proxy.reconfigure({
      file: fileWith([ci], upstreamSettings("desk", one.upstream.baseUrl, { keys: [later] })),
    });
    const headers = { "x-api-key": ci.key };
    one.upstream.respondWith(() => json({ error: { message: `no such key: ${later}` } }, { status: 400 }));
    await one.post({ ...hello, model: `claude-${later}` }, { headers });
    const status = await (await fetch(`${one.proxy.url}/status`, { headers })).text();
    expect(status).toContain('"failures":1');
    expect(status).not.toContain(later);
  });
});
