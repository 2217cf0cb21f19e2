import { describe, expect, test } from "bun:test";
import type { UpstreamSettings } from "../../../src/config/upstream-settings.ts";
import { message, refusal, stream } from "../../support/anthropic-upstream.ts";
import { chunk, completionOf, stopChunk } from "../../support/chunks.ts";
import { createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { json, type Reply, sse } from "../../support/reply.ts";
import { hello, readFailure } from "../../support/start-pair.ts";
import { startTestProxy } from "../../support/start-proxy.ts";
import { startUpstream } from "../../support/upstream.ts";

const bearer = { authorization: "Bearer sk-ant-oat01-canary-7f3a9c2e51d84b60aa17" };
const other = json(completionOf({ text: "other" }));

/** An upstream that gets the clients' own credentials between two that do not: the targets are `order` of them. */
async function start(
  order: readonly ("before" | "own" | "after")[],
  replies: Partial<Record<string, Reply>>,
) {
  const names = ["before", "own", "after"];
  const upstreams = await Promise.all(names.map(startUpstream));
  const [before, own, after] = upstreams;
  for (const [index, upstream] of upstreams.entries())
    upstream.respondWith(() => replies[names[index] ?? ""] ?? other);
  const settings: Partial<UpstreamSettings> = { protocol: "anthropic", passesClientKey: true, keys: [] };
  const file = createFileConfig({
    upstreams: names.map((name, index) =>
      upstreamSettings(name, upstreams[index]?.baseUrl ?? "", name === "own" ? settings : {}),
    ),
    routes: { default: order.map((name) => `${name}/m`) },
  });
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file } });
  return {
    proxy,
    own,
    sends: () => [before, own, after].map((upstream) => upstream?.requests.length),
    post: (headers: Record<string, string> = bearer, body: object = hello) =>
      fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await Promise.all(upstreams.map((upstream) => upstream.stop()));
    },
  };
}

const noCredit =
  "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.";
const limited = refusal(429, "rate_limit_error", "your plan is used up", { "retry-after": "3600" });
const limitedInside = stream([
  'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"used up"}}\n\n',
]);

describe("what an upstream says of a client's own account", () => {
  test.each<[string, Reply, boolean]>([
    ["402", refusal(402, "billing_error", "no credit"), false],
    ["403", refusal(403, "permission_error", "not in your plan"), false],
    ["400 for want of credit", refusal(400, "invalid_request_error", noCredit), false],
    ["404", refusal(404, "not_found_error", "model: m"), false],
    ["429", limited, false],
    ["a limit as the first event", limitedInside, true],
  ])("moves his request on, and is nobody else's: %s", async (_, reply, isStream) => {
    const after = isStream ? sse([chunk({ content: "other" }), stopChunk]) : other;
    await using started = await start(["own", "after"], { own: reply, after });
    for (let times = 0; times < 7; times += 1)
      expect(await (await started.post(bearer, { ...hello, stream: isStream })).text()).toContain("other");
    expect([started.sends(), started.proxy.complaints]).toEqual([[0, 7, 7], []]);
    started.own?.respondWith(() => message());
    const response = await started.post({ "x-api-key": "sk-ant-another-client-0123456789" });
    expect(response.headers.get("x-claude-proxy-upstream")).toBe("own");
  });

  test("401 is told to him as it came: only he can mend it, and his client does by itself", async () => {
    const expired = refusal(401, "authentication_error", "OAuth token has expired");
    await using started = await start(["own", "after"], { own: expired });
    for (let times = 0; times < 7; times += 1) {
      const response = await started.post();
      expect([response.status, response.headers.get("x-claude-proxy-upstream")]).toEqual([401, "own"]);
      expect(await response.text()).toContain("OAuth token has expired");
    }
    expect([started.sends(), started.proxy.complaints]).toEqual([[0, 7, 0], []]);
    started.own?.respondWith(() => message());
    expect((await started.post()).status).toBe(200);
  });

  test("a server that fails is passed over, as any other", async () => {
    await using started = await start(["own", "after"], { own: refusal(500, "api_error", "broken") });
    for (let times = 0; times < 7; times += 1) expect((await started.post()).status).toBe(200);
    expect(started.sends()).toEqual([0, 5, 7]);
  });
});

describe("a request without a credential", () => {
  test("is told so, and does not go to an upstream that somebody else pays for", async () => {
    await using started = await start(["own", "after"], {});
    const [status, type, text] = await readFailure(await started.post({}));
    expect([status, type]).toEqual([401, "authentication_error"]);
    expect(text).toContain("this request has none");
    expect(started.sends()).toEqual([0, 0, 0]);
  });

  test("is told so when its turn comes, too", async () => {
    const broken = refusal(500, "api_error", "broken");
    await using started = await start(["before", "own", "after"], { before: broken });
    const [status, type, text] = await readFailure(await started.post({}));
    expect([status, type]).toEqual([401, "authentication_error"]);
    expect(text).toEndWith("Tried before/m (500), own/m (not sent).");
    expect(started.sends()).toEqual([1, 0, 0]);
  });

  test("is answered by a target before it that needs none", async () => {
    await using started = await start(["before", "own", "after"], {});
    expect((await started.post({})).status).toBe(200);
    expect(started.sends()).toEqual([1, 0, 0]);
  });

  test("is told so, too, while that target is passed over", async () => {
    const broken = refusal(500, "api_error", "broken");
    await using started = await start(["own", "after"], { own: broken });
    for (let times = 0; times < 5; times += 1) expect((await started.post()).status).toBe(200);
    expect((await started.post({})).status).toBe(401);
    expect(started.sends()).toEqual([0, 5, 5]);
  });

  test("says nothing against the target", async () => {
    await using started = await start(["own", "after"], { own: message() });
    for (let times = 0; times < 7; times += 1) expect((await started.post({})).status).toBe(401);
    expect((await started.post()).headers.get("x-claude-proxy-upstream")).toBe("own");
  });
});
