import { expect, test } from "bun:test";
import { completionOf } from "../../support/chunks.ts";
import { createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { json, type Reply, status } from "../../support/reply.ts";
import { hello } from "../../support/start-pair.ts";
import { startTestProxy } from "../../support/start-proxy.ts";
import { startUpstream } from "../../support/upstream.ts";

const refused = (code: number) => status(code, { error: { message: "it says no" } });

/** A first upstream with these keys, a second one that is fine, and a way to change the keys of the first. */
async function start(keys: readonly string[], reply: Reply) {
  const [first, second] = [await startUpstream(), await startUpstream()];
  first.respondWith(() => reply);
  second.respondWith(() => json(completionOf({ text: "second" })));
  const fileWith = (keysOfFirst: readonly string[], more: Record<string, string> = {}) =>
    createFileConfig({
      upstreams: [
        upstreamSettings("first", first.baseUrl, { keys: keysOfFirst }),
        upstreamSettings("second", second.baseUrl),
      ],
      routes: { default: ["first/m", "second/m"], ...more },
    });
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file: fileWith(keys) } });
  return {
    first,
    proxy,
    save: (keysOfFirst: readonly string[], more?: Record<string, string>) =>
      proxy.reconfigure({ file: fileWith(keysOfFirst, more) }),
    /** Which upstream answered. */
    async ask() {
      const response = await fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(hello),
      });
      await response.arrayBuffer();
      return response.headers.get("x-claude-proxy-upstream");
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

test("a target that is passed over stays so when another part of the file changes", async () => {
  await using started = await start(["key-a"], refused(500));
  for (let times = 0; times < 6; times += 1) expect(await started.ask()).toBe("second");
  await started.save(["key-a"], { haiku: "second/m" });
  expect(await started.ask()).toBe("second");
  expect(started.first.requests).toHaveLength(5);
});

test("it is asked at once when its own upstream was changed, which may have been mended", async () => {
  await using started = await start(["wrong-key"], refused(401));
  for (let times = 0; times < 6; times += 1) expect(await started.ask()).toBe("second");
  expect(started.first.requests).toHaveLength(5);
  started.first.respondWith(() => json(completionOf({ text: "first" })));
  await started.save(["right-key"]);
  expect(await started.ask()).toBe("first");
});

test("a key that cools down stays so, and one that is added may be used", async () => {
  await using started = await start(["key-a", "key-b"], refused(402));
  expect(await started.ask()).toBe("second");
  expect(started.first.requests).toHaveLength(2);
  await started.save(["key-a", "key-b"], { haiku: "second/m" });
  expect(await started.ask()).toBe("second");
  expect(started.first.requests).toHaveLength(2);
  started.first.respondWith(() => json(completionOf({ text: "first" })));
  await started.save(["key-a", "key-b", "key-c"]);
  expect(await started.ask()).toBe("first");
  expect(started.first.requests.at(-1)?.headers["authorization"]).toBe("Bearer key-c");
});
