import { afterEach, expect, test } from "bun:test";
import { askProxy, askProxyDetails, formatLocalUrl } from "../../src/cli/ask-proxy.ts";
import { startTestProxy } from "../support/start-proxy.ts";

const running: { stop(): unknown }[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

test("a proxy says its version and since when it runs", async () => {
  const before = Date.now();
  const proxy = await startTestProxy("http://127.0.0.1:9/v1");
  running.push(proxy);
  const answer = await askProxy(proxy.url);
  expect(answer).toMatchObject({ version: "0.0.0-test", runningRequests: 0 });
  expect(Math.abs((answer?.startedAt.getTime() ?? 0) - before)).toBeLessThan(2000);
  // The same whenever it is asked.
  await Bun.sleep(5);
  expect((await askProxy(proxy.url))?.startedAt).toEqual(answer?.startedAt);
});

test("a proxy with a client key tells its models to whoever has it", async () => {
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { proxyApiKey: "client-key" } });
  running.push(proxy);
  await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  expect(await askProxyDetails(proxy.url, null)).toBeNull();
  expect(await askProxyDetails(proxy.url, "other-key")).toBeNull();
  expect(await askProxyDetails(proxy.url, "client-key")).toMatchObject({
    models: { big: "big-model" },
    last_failure: { status: 401, type: "authentication_error" },
  });
});

test.each([
  ["nothing that answers", null],
  ["a server that is none", () => new Response("<html>")],
  ["a server with JSON of its own", () => Response.json({ name: "other", version: "1", uptime_seconds: 1 })],
  ["a server that leads elsewhere", () => Response.redirect("http://127.0.0.1:9/")],
])("%s is no proxy", async (_name, fetch) => {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: fetch ?? (() => new Response("")) });
  const url = `http://127.0.0.1:${server.port}`;
  if (fetch === null) await server.stop(true);
  else running.push(server);
  expect(await askProxy(url)).toBeNull();
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:8080"],
  ["localhost", "http://localhost:8080"],
  ["0.0.0.0", "http://127.0.0.1:8080"],
  ["::", "http://[::1]:8080"],
  ["::1", "http://[::1]:8080"],
  ["192.0.2.1", "http://192.0.2.1:8080"],
])("a proxy that listens at %s is reached at %s", (host, url) => {
  expect(formatLocalUrl({ host, port: 8080 })).toBe(url);
});
