import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { UpstreamError } from "../../src/upstream/upstream-error.ts";
import { json, type Reply, sseOf, status, whole } from "../support/reply.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { clientOf, failureOf, said, send } from "./client-of.ts";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

const date = "Tue, 24 Nov 2026 12:00:00 GMT";

const host = (): string => new URL(upstream.baseUrl).host;

/** Sends one request to the upstream of the tests, and counts what arrives there. */
async function sendTo(reply: Reply): Promise<{ error: UpstreamError; requests: number }> {
  const before = upstream.requests.length;
  upstream.reply(reply);
  const error = await failureOf(send(clientOf(upstream.baseUrl)));
  return { error, requests: upstream.requests.length - before };
}

describe("a status that is no success", () => {
  test("[5.2:429] comes with its body, and with the headers that tell how long to wait", async () => {
    const headers = {
      date,
      "retry-after": "3",
      "x-ratelimit-reset-tokens": "6m0s",
      "x-ratelimit-remaining-tokens": "0",
      "set-cookie": "a=b",
      server: "x",
    };
    const { error, requests } = await sendTo(status(429, { error: { message: "slow down" } }, headers));
    expect(said(error)).toEqual({
      kind: "http",
      message: `${host()} answered 429`,
      status: 429,
      body: { error: { message: "slow down" } },
      headers: {
        date,
        "retry-after": "3",
        "x-ratelimit-reset-tokens": "6m0s",
        "x-ratelimit-remaining-tokens": "0",
      },
      phase: undefined,
      host: host(),
      attempts: 1,
    });
    expect(requests).toBe(1);
  });

  test.each([400, 401, 404, 500, 502, 503, 529, 999])("[5.4:retries] %p is not tried again", async (code) => {
    const { error, requests } = await sendTo(status(code, "no", { date }));
    expect({ kind: error.kind, status: error.status, body: error.body, requests }).toEqual({
      kind: "http",
      status: code,
      body: "no",
      requests: 1,
    });
  });

  test("tells the time of the answer by our clock when the upstream does not", async () => {
    const { error } = await sendTo(status(429, ""));
    expect(Math.abs(Date.parse(error.headers["date"] ?? "") - Date.now())).toBeLessThan(5000);
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ])("a body in %s is decoded", async (encoding, compress) => {
    const headers = { "content-type": "application/json", "content-encoding": encoding };
    const { error } = await sendTo(whole(compress('{"error":"no"}'), { status: 400, headers }));
    expect({ status: error.status, body: error.body }).toEqual({ status: 400, body: { error: "no" } });
  });

  test("a body that cannot be decoded leaves the status", async () => {
    const headers = { "content-encoding": "gzip" };
    const { error } = await sendTo(whole("no gzip", { status: 403, headers }));
    expect({ kind: error.kind, status: error.status, body: error.body }).toEqual({
      kind: "http",
      status: 403,
      body: "",
    });
  });

  test.each([
    ["of text leaves the status", "halfway", ""],
    ["of JSON leaves the status", '{"error":{"mess', ""],
    ["behind its JSON leaves all of it", '{"error":"no"}', { error: "no" }],
  ])("[F24] a body that breaks off in the middle %s", async (_name, text, body) => {
    const reply = whole(text, { status: 500, headers: { "content-length": "100" }, end: "reset" });
    upstream.reply({ ...reply, body: [...reply.body, { waitMs: 50 }] });
    const error = await failureOf(send(clientOf(upstream.baseUrl)));
    expect({ kind: error.kind, status: error.status, body: error.body }).toEqual({
      kind: "http",
      status: 500,
      body,
    });
  });

  test("a body that comes in pieces is read whole, a character between two of them too", async () => {
    const bytes = Buffer.from("schön");
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3, 4), bytes.subarray(4)];
    const body = pieces.flatMap((piece) => [piece, { waitMs: 30 }]);
    const { error } = await sendTo({ ...status(500, "schön"), body });
    expect(error.body).toBe("schön");
  });

  test("a body without end is cut at 64 KiB, and its connection closed", async () => {
    const piece = new Uint8Array(10_000).fill(120);
    const endless = (function* () {
      for (;;) yield piece;
    })();
    const head = "HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n";
    upstream.reply({ ...sseOf(endless), head });
    const index = upstream.requests.length;
    const error = await failureOf(send(clientOf(upstream.baseUrl)));
    expect(error.body).toBe("x".repeat(65_536));
    expect(await (await upstream.request(index)).closedByPeer).toBeNumber();
  });

  test("a bomb of 200 MB is inflated no further", async () => {
    const bomb = gzipSync(new Uint8Array(200_000_000), { level: 1 });
    const before = process.memoryUsage().rss;
    const { error } = await sendTo(whole(bomb, { status: 500, headers: { "content-encoding": "gzip" } }));
    expect(error.body).toBe("\0".repeat(65_536));
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test("a body that never comes is not waited for", async () => {
    upstream.reply(whole("", { status: 503, headers: { "content-length": "10" }, end: "stall" }));
    const client = clientOf(upstream.baseUrl, { limits: { errorBodyMs: 50 } });
    const error = await failureOf(send(client));
    expect({ status: error.status, body: error.body }).toEqual({ status: 503, body: "" });
  });

  test("our key is taken out of the body", async () => {
    const basic = btoa("Bearer canary-key-0123456789");
    const body = { error: { message: `bad key canary-key-0123456789, ${basic}` } };
    const { error } = await sendTo(status(401, body));
    expect(error.body).toEqual({
      error: { message: expect.stringMatching(/^bad key …, QmVhcmVyI\w…\S{0,4}$/) },
    });
    expect(Bun.inspect(error)).not.toContain("canary");
  });
});

describe("a redirect", () => {
  const codes = [300, 301, 302, 303, 307, 308];
  test.each(codes)("%p is refused, and the other host hears nothing", async (code) => {
    const other = await startUpstream();
    try {
      other.respondWith(() => json({ choices: [] }));
      const { error, requests } = await sendTo(status(code, "", { location: `${other.baseUrl}/x` }));
      expect({ kind: error.kind, status: error.status, message: error.message, requests }).toEqual({
        kind: "http",
        status: code,
        message: `${host()} redirects to ${new URL(other.baseUrl).host}, and no redirect is followed. Check the setting BASE_URL`,
        requests: 1,
      });
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test("to nowhere is refused too", async () => {
    const { error } = await sendTo(status(302, ""));
    expect(error.message).toBe(`${host()} redirects to nowhere. Check the setting BASE_URL`);
  });

  test("[5.5:redirect] of the same call somewhere else says what to set, without what may be secret in it", async () => {
    const location =
      "https://user:canary-key-0123456789@api.example/canary-key-0123456789/v2/chat/completions?k=v";
    const { error } = await sendTo(status(308, "", { location }));
    expect([error.setUp, error.message]).toEqual([
      "doubtful",
      `${host()} redirects to api.example, and no redirect is followed. If that is the right one, set BASE_URL to https://api.example/…/v2`,
    ]);
  });
});
