import { describe, expect, test } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { hangUp, json, type Reply, silence, status } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";
import { objectOf } from "../support/strict/json.ts";

const headers = { server: "llama.cpp" };
const completion = completionOf({ text: "ok" });
const tools = ["Read", "Bash", "Edit"].map((name) => ({
  name,
  input_schema: { type: "object", properties: { path: { type: "string", maxLength: 4096 } } },
}));

/** Asks once more, and gives what the upstream got for it. */
async function ask(pair: Pair, fields: object) {
  await (await pair.post({ ...hello, ...fields })).text();
  return objectOf(pair.upstream.requests.findLast(({ method }) => method === "POST")?.body);
}

/** Waits until the upstream was asked for its models and has answered. */
async function waitForLook(pair: Pair) {
  for (let tries = 0; tries < 200 && pair.upstream.requests.length < 2; tries += 1) await Bun.sleep(10);
  await Bun.sleep(50);
}

const plain = { tools, thinking: { type: "disabled" }, top_k: 3 };

describe("[0.13:answers] a server on a port that tells nothing", () => {
  test.each<[string, Reply]>([
    ["that says in its first answer what it is", json(completion, { headers })],
    ["that says so while it loads", status(503, { error: { message: "Loading model" } }, headers)],
  ])("%s", async (_name, firstReply) => {
    await using pair = await startPair({ settings: { upstreamProfile: "auto" } });
    pair.upstream.reply(firstReply);
    pair.upstream.respondWith(() => json(completion));
    await ask(pair, {});
    const sent = await ask(pair, plain);
    expect([sent["reasoning_effort"], sent["parallel_tool_calls"]]).toEqual(["none", true]);
    expect(JSON.stringify(sent["tools"])).not.toContain("maxLength");
    expect(pair.upstream.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  test.each([
    ["llamacpp", "none", true],
    ["vllm", "none", undefined],
    ["sglang", "none", undefined],
    ["library", "none", undefined],
    ["organization_owner", "none", undefined],
    ["somebody", undefined, undefined],
  ])("whose models are owned by %p", async (owned_by, effort, parallel) => {
    await using pair = await startPair({ settings: { upstreamProfile: "auto" } });
    pair.upstream.respondWith(({ method }) =>
      json(method === "GET" ? { object: "list", data: [null, { id: "m", owned_by }] } : completion),
    );
    const first = await ask(pair, plain);
    expect(first["reasoning_effort"]).toBeUndefined();
    await waitForLook(pair);
    const sent = await ask(pair, plain);
    expect([sent["reasoning_effort"], sent["parallel_tool_calls"]]).toEqual([effort, parallel]);
    const asked = pair.upstream.requests.map(({ method, path }) => `${method} ${path.replace("/v1", "")}`);
    expect(asked).toEqual(["POST /chat/completions", "GET /models", "POST /chat/completions"]);
  });

  test.each<[string, Reply]>([
    ["that has no list", status(404, { error: { message: "no" } })],
    ["whose list is none", json([])],
    ["whose list is a page", status(200, "<html>")],
    ["that hangs up", hangUp("reset")],
    ["that never answers that", silence()],
  ])("%s is asked once, and is served on", async (_name, list) => {
    await using pair = await startPair({ settings: { upstreamProfile: "auto" } });
    pair.upstream.respondWith(({ method }) => (method === "GET" ? list : json(completion)));
    await ask(pair, {});
    await waitForLook(pair);
    expect((await ask(pair, plain))["reasoning_effort"]).toBeUndefined();
    expect(pair.upstream.requests.filter(({ method }) => method === "GET").length).toBe(1);
  });

  test.each([
    ["with the key", "sk-upstream-key", "Bearer sk-upstream-key"],
    ["without one where there is none", "", undefined],
  ])("is asked %s", async (_how, openaiApiKey, authorization) => {
    await using pair = await startPair({ settings: { upstreamProfile: "auto", openaiApiKey } });
    pair.upstream.respondWith(({ method }) => json(method === "GET" ? { data: [] } : completion));
    await ask(pair, {});
    await waitForLook(pair);
    expect(pair.upstream.requests[1]?.headers["authorization"]).toBe(authorization);
  });

  test("that the settings name is never asked", async () => {
    await using pair = await startPair({ settings: { upstreamProfile: "generic" } });
    pair.upstream.respondWith(() => json(completion, { headers }));
    await ask(pair, {});
    await Bun.sleep(50);
    expect((await ask(pair, plain))["reasoning_effort"]).toBeUndefined();
    expect(pair.upstream.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  test("[1.3:tool] is sent a named tool alone from the first request on", async () => {
    await using pair = await startPair({ settings: { upstreamProfile: "auto" } });
    pair.upstream.reply(json(completion, { headers }));
    await (await pair.post({ ...hello, tools, tool_choice: { type: "tool", name: "Bash" } })).text();
    const sent = objectOf(pair.upstream.requests[0]?.body);
    expect(sent["tool_choice"]).toBe("required");
    expect(sent["tools"]).toMatchObject([{ function: { name: "Bash" } }]);
  });
});
