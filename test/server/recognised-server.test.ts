import { describe, expect, test } from "bun:test";
import { completionOf } from "../support/chunks.ts";
import { json, type Reply, status } from "../support/reply.ts";
import { hello, startPair } from "../support/start-pair.ts";
import { objectOf } from "../support/strict/json.ts";

const headers = { server: "llama.cpp" };
const completion = completionOf({ text: "ok" });
const tools = ["Read", "Bash", "Edit"].map((name) => ({
  name,
  input_schema: { type: "object", properties: { path: { type: "string", maxLength: 4096 } } },
}));

describe("[0.13:answers] a server on a port that tells nothing", () => {
  test.each<[string, Reply, boolean]>([
    ["that says in its first answer what it is", json(completion, { headers }), true],
    ["that says so while it loads", status(503, { error: { message: "Loading model" } }, headers), true],
    ["that says nothing", json(completion), false],
  ])("%s", async (_name, firstReply, isKnown) => {
    await using pair = await startPair({ settings: { upstreamProfile: "auto" } });
    pair.upstream.reply(firstReply);
    pair.upstream.respondWith(() => json(completion));
    const ask = async (fields: object) => {
      await (await pair.post({ ...hello, ...fields })).text();
      return objectOf(pair.upstream.requests.at(-1)?.body);
    };
    await ask({});
    const sent = await ask({ tools, thinking: { type: "disabled" } });
    expect([sent["reasoning_effort"], sent["parallel_tool_calls"]]).toEqual(
      isKnown ? ["none", true] : [undefined, undefined],
    );
    expect(JSON.stringify(sent["tools"]).includes("maxLength")).toBe(!isKnown);
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
