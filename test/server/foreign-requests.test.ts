import { expect, test } from "bun:test";
import { chunksOf, completionOf } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { hello, readObject, startPair } from "../support/start-pair.ts";

/** Coercion to a text or a number throws. */
const odd = { toString: 1, valueOf: 1 };
const assistant = (...content: object[]) => ({
  messages: [
    { role: "user", content: "hi" },
    { role: "assistant", content },
    { role: "user", content: "on" },
  ],
});
const user = (...content: object[]) => ({ messages: [{ role: "user", content }] });
const text = { type: "text", text: "hi" };

const cases: readonly [name: string, members: object][] = [
  ["a call of a server tool", assistant({ type: "server_tool_use", id: "s", name: odd, input: odd })],
  [
    "a call of an MCP tool",
    assistant({ type: "mcp_tool_use", id: "s", server_name: "m", name: odd, input: {} }),
  ],
  [
    "a search that failed",
    assistant({ type: "web_search_tool_result", tool_use_id: "s", content: { error_code: odd } }),
  ],
  [
    "an outcome",
    assistant({
      type: "code_execution_tool_result",
      tool_use_id: "s",
      content: { return_code: odd, error_code: odd, stdout: odd, tool_references: [{ tool_name: odd }] },
    }),
  ],
  ["a block of the assistant", assistant({ type: odd }, text)],
  ["a block of the user", user({ type: odd }, text)],
  ["a block of a type of its own", user({ type: "constructor", toString: 1 }, { type: "__proto__" }, text)],
  ["an edit of the context", { context_management: { edits: [{ type: odd }] } }],
  ["a tool's type", { tools: [{ type: odd, name: "a", input_schema: { type: "object" } }] }],
  ["a tool's name", { tools: [{ name: odd, input_schema: { type: "object" } }] }],
  [
    "a tool's schema",
    {
      tools: [{ name: "a", description: odd, input_schema: { type: odd, required: [odd], properties: odd } }],
    },
  ],
  ["a tool's choice", { tools: [{ name: "a", input_schema: {} }], tool_choice: { type: odd, name: odd } }],
  ["metadata", { metadata: { user_id: odd } }],
  ["thinking", { thinking: { type: odd, budget_tokens: odd }, output_config: { effort: odd, format: odd } }],
  ["a system text", { system: [{ type: odd, text: odd }] }],
  ["a source", user({ type: "image", source: { type: odd, media_type: odd, data: odd } }, text)],
  ["a document", user({ type: "document", title: odd, context: odd, source: { type: odd } }, text)],
  ["a search result", user({ type: "search_result", source: odd, title: odd, content: [odd] }, text)],
  ["a tool result", user({ type: "tool_result", tool_use_id: odd, content: [{ type: odd }] }, text)],
  ["sampling", { temperature: odd, top_p: odd, top_k: odd, stream: odd }],
  ["stop sequences", { stop_sequences: odd }],
  ["a stop sequence", { stop_sequences: [odd, 5] }],
  ["a member nobody knows", { toString: 1, constructor: odd, __proto__: odd }],
];

test.each(["generic", "openrouter", "gemini", "kimi", "openai"] as const)(
  "[F13] values of another type in a request are no failure of the proxy's (%s)",
  async (upstreamProfile) => {
    await using pair = await startPair({ settings: { upstreamProfile } });
    pair.upstream.respondWith(({ body }) =>
      JSON.stringify(body).includes('"stream":true')
        ? sse(chunksOf({ text: "hello" }))
        : json(completionOf({ text: "hello" })),
    );
    const failed: string[] = [];
    for (const [name, members] of cases) {
      for (const response of [
        await pair.post({ ...hello, ...members }),
        await pair.post({ ...hello, ...members, stream: true }),
        await pair.count({ ...hello, ...members }),
      ]) {
        if (![200, 400].includes(response.status)) failed.push(`${name}: ${response.status}`);
        await response.text();
      }
    }
    expect(failed).toEqual([]);
    expect(pair.proxy.complaints.filter((line) => line.startsWith("unexpected error"))).toEqual([]);
    expect(await readObject(await fetch(pair.proxy.url))).toMatchObject({ running_requests: 0 });
  },
);
