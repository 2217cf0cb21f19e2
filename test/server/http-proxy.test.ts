import { expect, test } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";

/** Asks a program once whose environment names an HTTP proxy, which answers by itself. */
async function askThrough(settings: Record<string, string>) {
  const upstream = await startUpstream();
  const httpProxy = await startUpstream();
  await using program = await startProgram(upstream.baseUrl, {
    HTTP_PROXY: new URL(httpProxy.baseUrl).origin,
    ...settings,
  });
  upstream.reply(json(completionOf({ text: "hello" })));
  httpProxy.reply(json(completionOf({ text: "hello" })));
  const response = await fetch(`${program.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(hello),
  });
  const text = await response.text();
  await upstream.stop();
  await httpProxy.stop();
  return {
    status: response.status,
    text,
    asked: upstream.requests.length,
    proxied: httpProxy.requests.map(({ path }) => path),
  };
}

test("[row 83] an upstream on this machine is called without the HTTP proxy that the environment names", async () => {
  const { status, asked, proxied } = await askThrough({});
  expect([status, asked, proxied]).toEqual([200, 1, []]);
});

test("[row 83] another upstream is called through it", async () => {
  const { status, asked, proxied } = await askThrough({ BASE_URL: "http://upstream.invalid/v1" });
  expect([status, asked, proxied]).toEqual([200, 0, ["http://upstream.invalid/v1/chat/completions"]]);
});

test.each(["NO_PROXY", "no_proxy"])("[row 83] but not one that %s names", async (name) => {
  const { status, text, proxied } = await askThrough({
    BASE_URL: "http://upstream.invalid/v1",
    [name]: "other.invalid,upstream.invalid",
  });
  expect([status, proxied]).toEqual([502, []]);
  expect(text).toContain("cannot reach upstream.invalid: ENOTFOUND");
});
