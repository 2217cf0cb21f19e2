import { expect, test } from "bun:test";
import { listRequestParts } from "../../../../src/protocols/chat/count/list-request-parts.ts";
import type { RequestPart } from "../../../../src/tokens/request-part.ts";

const text = (content: string) => ({ kind: "text" as const, content });
const reply: RequestPart = {
  section: "overhead",
  label: "start of the reply",
  fixedTokens: 3,
  items: [],
};

function partsOf(request: Partial<Parameters<typeof listRequestParts>[0]>): RequestPart[] {
  return listRequestParts({ messages: [], ...request });
}

test("[7:overheads] a request of nothing is the start of the reply: 3", () => {
  expect(partsOf({})).toEqual([reply]);
});

test("[7:overheads] a message is its text and 4; system and developer are the system's", () => {
  const messages = [
    { role: "system", content: "S" },
    { role: "developer", content: "D" },
    { role: "user", content: "U" },
    { role: "assistant", content: null },
  ];
  expect(partsOf({ messages })).toEqual([
    { section: "system", label: "message 1 (system)", fixedTokens: 4, items: [text("S")] },
    { section: "system", label: "message 2 (developer)", fixedTokens: 4, items: [text("D")] },
    { section: "message", label: "message 3 (user)", fixedTokens: 4, items: [text("U")] },
    { section: "message", label: "message 4 (assistant)", fixedTokens: 4, items: [] },
    reply,
  ]);
});

test("[7:overheads] text parts are counted one by one", () => {
  const content = [
    { type: "text", text: "a", cache_control: { type: "ephemeral" } },
    { type: "text", text: "b" },
  ];
  expect(partsOf({ messages: [{ role: "user", content }] })).toEqual([
    { section: "message", label: "message 1 (user)", fixedTokens: 4, items: [text("a"), text("b")] },
    reply,
  ]);
});

test("[7:overheads] a tool call is its name, its arguments and 8; a tool message 6 more than a message", () => {
  const call = (id: string) => ({ id, type: "function", function: { name: "Read", arguments: '{"p":1}' } });
  const messages = [
    { role: "assistant", content: "on it", tool_calls: [call("a"), call("b")] },
    { role: "tool", tool_call_id: "a", content: "R" },
  ];
  expect(partsOf({ messages })).toEqual([
    {
      section: "message",
      label: "message 1 (assistant)",
      fixedTokens: 4 + 8 + 8,
      items: [text("on it"), text("Read"), text('{"p":1}'), text("Read"), text('{"p":1}')],
    },
    { section: "message", label: "message 2 (tool)", fixedTokens: 4 + 6, items: [text("R")] },
    reply,
  ]);
});

test("[7:overheads] a tool is the compact JSON of name, description and parameters, and 8; tools are 12 once", () => {
  const parameters = { type: "object", properties: { p: { type: "string" } } };
  const tools = [
    { type: "function", function: { name: "Read", description: "Reads.", parameters, strict: true } },
    { type: "function", function: { name: "Stop" }, cache_control: { type: "ephemeral" } },
    { type: "openrouter:web_search", parameters: { max_uses: 3 } },
  ];
  expect(partsOf({ tools })).toEqual([
    { section: "overhead", label: "tools", fixedTokens: 12, items: [] },
    {
      section: "tool",
      label: "tool Read",
      fixedTokens: 8,
      items: [
        text(
          '{"name":"Read","description":"Reads.","parameters":{"type":"object","properties":{"p":{"type":"string"}}}}',
        ),
      ],
    },
    { section: "tool", label: "tool Stop", fixedTokens: 8, items: [text('{"name":"Stop"}')] },
    {
      section: "tool",
      label: "tool openrouter:web_search",
      fixedTokens: 8,
      items: [text('{"type":"openrouter:web_search","parameters":{"max_uses":3}}')],
    },
    reply,
  ]);
});

test.each([
  ["required", 10],
  ["any", 10],
  [{ type: "function", function: { name: "Read" } }, 10],
  ["auto", 0],
  ["none", 0],
  [undefined, 0],
])("[7:overheads] tool choice %j counts %d", (tool_choice, tokens) => {
  const forced: RequestPart = { section: "overhead", label: "tool choice", fixedTokens: 10, items: [] };
  expect(partsOf({ tool_choice })).toEqual(tokens === 0 ? [reply] : [forced, reply]);
});

test("[7:overheads] an output schema is its JSON and 20; json_object has none", () => {
  const schema = { type: "object", required: ["title"] };
  const response_format = { type: "json_schema", json_schema: { name: "output", schema, strict: true } };
  expect(partsOf({ response_format })).toEqual([
    {
      section: "overhead",
      label: "output schema",
      fixedTokens: 20,
      items: [text('{"type":"object","required":["title"]}')],
    },
    reply,
  ]);
  expect(partsOf({ response_format: { type: "json_object" } })).toEqual([reply]);
});

test("[7:image 7:pdf] images and documents are parts of their own", () => {
  const content = [
    { type: "text", text: "look" },
    { type: "image_url", image_url: { url: "https://example.org/a.png" } },
    { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERg==" } },
    { type: "document_url", document_url: "data:application/pdf;base64,JVBERi0=" },
  ];
  expect(partsOf({ messages: [{ role: "user", content }] })).toEqual([
    { section: "message", label: "message 1 (user)", fixedTokens: 4, items: [text("look")] },
    { section: "image", label: "image in message 1", fixedTokens: 1600, items: [] },
    {
      section: "document",
      label: "document in message 1",
      fixedTokens: 0,
      items: [{ kind: "document", content: "data:application/pdf;base64,JVBERg==" }],
    },
    {
      section: "document",
      label: "document in message 1",
      fixedTokens: 0,
      items: [{ kind: "document", content: "data:application/pdf;base64,JVBERi0=" }],
    },
    reply,
  ]);
});

test.each([
  ["reasoning_content", { reasoning_content: "thought" }],
  ["reasoning", { reasoning: "thought" }],
  ["both", { reasoning: "thought", reasoning_content: "thought" }],
  ["an empty reasoning_content", { reasoning: "thought", reasoning_content: "" }],
  [
    "details, once",
    {
      reasoning: "thought",
      reasoning_details: [{ type: "reasoning.text", text: "thought", signature: "s" }],
    },
  ],
  ["a summary", { reasoning_details: [{ type: "reasoning.summary", summary: "thought" }] }],
  [
    "encrypted details beside a text",
    { reasoning: "thought", reasoning_details: [{ type: "reasoning.encrypted", data: "gAAAA" }] },
  ],
])("[7:sent] thinking counts where it goes back, once: %s", (_, reasoning) => {
  expect(partsOf({ messages: [{ role: "assistant", content: "done", ...reasoning }] })).toEqual([
    {
      section: "message",
      label: "message 1 (assistant)",
      fixedTokens: 4,
      items: [text("thought"), text("done")],
    },
    reply,
  ]);
});

test("[7:answer] what is not understood counts nothing and fails nothing", () => {
  const messages = [
    null,
    "text",
    { content: 7 },
    { role: "user", content: [null, "x", { type: "input_audio", input_audio: { data: "AAAA" } }] },
    { role: "assistant", content: "", tool_calls: [{}, { function: { name: 1, arguments: {} } }, null] },
  ];
  expect(partsOf({ messages, tools: [null, 1], tool_choice: 3, response_format: "text" })).toEqual([
    { section: "overhead", label: "tools", fixedTokens: 12, items: [] },
    { section: "message", label: "message 3 (unknown)", fixedTokens: 4, items: [] },
    { section: "message", label: "message 4 (user)", fixedTokens: 4, items: [] },
    { section: "message", label: "message 5 (assistant)", fixedTokens: 4 + 8, items: [] },
    reply,
  ]);
});
