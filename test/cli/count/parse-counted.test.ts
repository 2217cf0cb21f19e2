import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ApiError } from "../../../src/anthropic/api-error.ts";
import { countTokensRequestSchema } from "../../../src/anthropic/messages-request.ts";
import { CommandError } from "../../../src/cli/command-error.ts";
import { parseCounted } from "../../../src/cli/count/parse-counted.ts";
import type { ProfileId } from "../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { listRequestParts } from "../../../src/protocols/chat/count/list-request-parts.ts";
import { listRequestParts as listResponsesParts } from "../../../src/protocols/responses/count/list-request-parts.ts";
import { createTokenCounter } from "../../../src/tokens/create-token-counter.ts";
import { createPartCounter } from "../../../src/tokens/part-counter.ts";
import { createTokenizer } from "../../../src/tokens/tokenizer.ts";
import { build } from "../../protocols/chat/request/build.ts";
import { validRequests } from "../../protocols/chat/requests/valid-request.ts";
import { countChatRequest } from "../../support/count-chat-request.ts";
import { translateCountedRequest } from "../../support/translate-request.ts";

const model = "claude-opus-4-6";
const hi = { role: "user", content: "hi" };
const said = (...content: object[]) => ({ messages: [{ role: "user", content }] });
const answered = (...content: object[]) => ({ messages: [hi, { role: "assistant", content }, hi] });
const object = { type: "object", properties: { t: { type: "string" } } };
const format = { type: "json_schema", schema: object };

const tokenizer = createTokenizer();
const warn = (message: string) => {
  throw new Error(message);
};
const server = createTokenCounter({
  calibrationFilePath: null,
  upstreamHost: "openrouter.ai",
  warn,
  tokenizer,
});
const counter = createPartCounter({ tokenizer, warn });
afterAll(() => server.close());

/** The chat request that the server would count, with the settings it starts with. */
function translate(request: object) {
  const parsed = countTokensRequestSchema.parse(request);
  const profile = selectProfile({
    setting: "auto",
    baseUrl: "https://openrouter.ai/api/v1",
    model: parsed.model,
  });
  return translateCountedRequest(parsed, { model: parsed.model, profile, maxOutputTokens: 32_000 });
}

const parse = (request: object) => parseCounted(JSON.stringify(request), undefined);

async function countParsed(request: object): Promise<[string, number]> {
  const { kind, parts } = parse(request);
  const { counts } = await counter.countParts(parts);
  return [kind, counts.reduce((sum, tokens) => sum + tokens, 0)];
}

/** What only one of them has, with nothing else that would tell. */
const messagesMarks: [string, object][] = [
  ["a system prompt", { system: "S", messages: [hi] }],
  [
    "search_result",
    said({ type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "found" }] }),
  ],
  [
    "image",
    said({ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } }),
  ],
  ["document", said({ type: "document", source: { type: "text", media_type: "text/plain", data: "D" } })],
  ["a block of tomorrow", said({ type: "hologram", text: "page" })],
  ["tool_reference", said({ type: "tool_reference", tool_name: "Read" })],
  ["thinking", answered({ type: "thinking", thinking: "T", signature: "EqQB" }, { type: "text", text: "A" })],
  ["redacted_thinking", answered({ type: "redacted_thinking", data: "EqQB" }, { type: "text", text: "A" })],
  [
    "a server's tool and its result",
    answered(
      { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "bun" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "srvtoolu_1",
        content: [{ type: "web_search_result", url: "https://a.test", title: "A" }],
      },
    ),
  ],
  [
    "a call and its result",
    {
      messages: [
        hi,
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "Read", input: { p: 1 } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "R" }] },
      ],
    },
  ],
  ["output_config.format", { output_config: { format }, messages: [hi] }],
  ["output_format", { output_format: format, messages: [hi] }],
  ["thinking", { thinking: { type: "adaptive" }, messages: [hi, hi] }],
  ["context_management", { context_management: { edits: [] }, messages: [hi, hi] }],
  ["stop_sequences", { stop_sequences: ["a"], messages: [hi, hi] }],
  ["top_k", { top_k: 1, messages: [hi, hi] }],
  ["a tool", { tools: [{ name: "Read", input_schema: object }], messages: [hi] }],
  ["a tool without a schema", { tools: [{ name: "Read" }], messages: [hi] }],
  ["a server's tool", { tools: [{ type: "web_search_20250305", name: "web_search" }], messages: [hi] }],
  ["a choice of tools", { tool_choice: { type: "none" }, messages: [hi, hi] }],
  ["a choice of one tool", { tool_choice: { type: "tool", name: "Read" }, messages: [hi, hi] }],
  ["an effort on the way", { messages: [hi, { role: "system", output_config: { effort: "low" } }, hi] }],
  ["a model of Anthropic's", { model, messages: [hi, hi] }],
];

describe("[7:sent] a messages request is counted as the server counts it", () => {
  test.each(messagesMarks)("that is told by %s", async (_, fields) => {
    const request = { model: "x", ...fields };
    const { rawTokens } = await countChatRequest(server, translate(request));
    expect(await countParsed(request)).toEqual(["messages request", rawTokens]);
  });

  test.each([true, false])("whatever else is in it (with tools: %p)", (hasTools) => {
    fc.assert(
      fc.property(validRequests, (valid) => {
        // Through JSON, as it comes from a client.
        const request = JSON.parse(JSON.stringify(valid));
        // The model's name may then be all that tells.
        const bare = { ...request, model, messages: [hi, ...request.messages] };
        if (!hasTools) for (const field of ["tools", "tool_choice"]) delete bare[field];
        const counted = hasTools ? request : bare;
        expect(parse(counted)).toEqual({
          kind: "messages request",
          model: counted.model,
          parts: listRequestParts(translate(counted)),
          remark: null,
        });
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [
      "a tool without a name",
      { tools: [{ input_schema: object }], messages: [hi] },
      "tools.0.name: Field required",
    ],
    [
      "the tools of an MCP server",
      { tools: [{ type: "mcp_toolset", mcp_server_name: "git" }], messages: [hi] },
      "server tool mcp_toolset is not available on this upstream",
    ],
    [
      "container_upload",
      said({ type: "container_upload", file_id: "f" }),
      "container_upload blocks are not supported by this proxy",
    ],
  ])("or refused as the server refuses it, for %s", (_, fields, message) => {
    const request = { model: "x", ...fields };
    for (const [refuse, errorClass] of [
      [() => translate(request), ApiError],
      [() => parse(request), CommandError],
    ] as const) {
      expect(refuse).toThrow(errorClass);
      expect(refuse).toThrow(new Error(message));
    }
  });
});

const call = { id: "c", type: "function", function: { name: "Read", arguments: "{}" } };
const chatTool = { type: "function", function: { name: "Read", parameters: object } };
const chatMarks: [string, object][] = [
  ["a tool message", { messages: [hi, { role: "tool", content: "R" }] }],
  ["the call that a message answers", { messages: [hi, { role: "user", tool_call_id: "c", content: "R" }] }],
  ["thinking as GLM has it", { model: "glm-4.6", thinking: { type: "enabled" }, messages: [hi, hi] }],
  ["a developer message", { messages: [{ role: "developer", content: "D" }, hi] }],
  ["a system message in front", { messages: [{ role: "system", content: "S" }, hi] }],
  ["a call", { messages: [hi, { role: "assistant", content: null, tool_calls: [call] }] }],
  ["reasoning", { messages: [hi, { role: "assistant", content: "A", reasoning_content: "T" }, hi] }],
  ["image_url", said({ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } })],
  ["input_audio", said({ type: "input_audio", input_audio: { data: "AA==", format: "wav" } })],
  [
    "file",
    said({ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } }),
  ],
  ["document_url", said({ type: "document_url", document_url: "https://a.test/a.pdf" })],
  ["video_url", said({ type: "video_url", video_url: { url: "https://a.test/a.mp4" } })],
  ["refusal", answered({ type: "refusal", refusal: "No." })],
  [
    "Mistral's thinking",
    { model: "magistral", ...answered({ type: "thinking", thinking: [{ type: "text", text: "T" }] }) },
  ],
  ["a function with a name of its own", { tools: [{ ...chatTool, name: "Read" }], messages: [hi] }],
  ["a function", { tools: [chatTool], messages: [hi] }],
  ["a custom tool", { tools: [{ type: "custom", custom: { name: "Read" } }], messages: [hi] }],
  ["OpenRouter's tool", { tools: [{ type: "openrouter:web_search" }], messages: [hi] }],
  ["a choice by a word", { tool_choice: "required", messages: [hi] }],
  [
    "a choice of a function",
    { tool_choice: { type: "function", function: { name: "Read" } }, messages: [hi] },
  ],
  [
    "response_format",
    {
      response_format: { type: "json_schema", json_schema: { name: "output", schema: object } },
      messages: [hi],
    },
  ],
  ["stop", { stop: ["a"], messages: [hi, hi] }],
  ["max_completion_tokens", { max_completion_tokens: 9, messages: [hi, hi] }],
  [
    "reasoning_effort, beside thinking as GLM has it",
    { reasoning_effort: "low", thinking: { type: "enabled" }, messages: [hi, hi] },
  ],
  ["nothing, for a model that is not Anthropic's", { model: "gpt-5.4", messages: [hi, hi] }],
];

const item = { type: "message", role: "user", content: "hi" };
const responsesRequests: [string, object][] = [
  ["items", { model: "gpt-5.6", input: [item] }],
  ["a text beside a model", { model: "gpt-5.6", input: "hi" }],
  ["no items", { model: "gpt-5.6", input: [] }],
  ["items for no model", { input: [item] }],
  ["items that are none", { model: "gpt-5.6", input: [1, null, "hi", {}] }],
  ["items beside messages that are none", { model: "gpt-5.6", input: [item], messages: "hi" }],
  [
    "items beside what messages requests have too",
    { model, system: "S", input: [item], tools: [{ name: "Read", input_schema: object }] },
  ],
];

describe("[7:overheads] a responses request is counted as it is", () => {
  test.each(responsesRequests)("that is told by %s", (_, request) => {
    const counted = { model: null, ...request };
    expect(parse(request)).toEqual({
      kind: "responses request",
      model: counted.model,
      parts: listResponsesParts(counted),
      remark: null,
    });
  });

  test("for another model than its own", () => {
    const request = { model: "gpt-5.6", instructions: "S", input: [item] };
    expect(parseCounted(JSON.stringify(request), "grok-4.7")).toEqual({
      kind: "responses request",
      model: "grok-4.7",
      parts: listResponsesParts({ ...request, model: "grok-4.7" }),
      remark: null,
    });
  });

  test.each([
    [
      "a list of messages makes it another request",
      { model: "x", messages: [hi], input: [item] },
      "chat request",
    ],
    ["an input of another type", { model: "gpt-5.6", input: { text: "hi" } }, "text"],
    ["a text without a model", { input: "hi" }, "text"],
    ["a text beside a model without a name", { model: "", input: "hi" }, "text"],
  ])("and not %s", (_, value, kind) => {
    expect<string>(parse(value).kind).toBe(kind);
  });
});

const upstreams: [ProfileId, string][] = [
  ["openrouter", "anthropic/claude-opus-4.6"],
  ["openai", "gpt-5.6"],
  ["deepseek", "deepseek-v4-pro"],
  ["kimi", "kimi-k2.6"],
  ["glm", "glm-5.3"],
  ["qwen", "qwen3.7-plus"],
  ["minimax", "MiniMax-M3"],
  ["gemini", "gemini-3-pro"],
  ["mistral", "mistral-large-4"],
  ["groq", "openai/gpt-oss-120b"],
  ["xai", "grok-4.5"],
  ["vllm", "Qwen/Qwen3.5-27B"],
];

describe("[7:overheads] a chat request is counted as it is", () => {
  test.each(chatMarks)("that is told by %s", async (_, fields) => {
    const request = { model, messages: [], ...fields };
    const { rawTokens } = await countChatRequest(server, JSON.parse(JSON.stringify(request)));
    expect(await countParsed(request)).toEqual(["chat request", rawTokens]);
  });

  test.each(upstreams)("whatever we send to %s with %s", (profile, chatModel) => {
    fc.assert(
      fc.property(validRequests, (valid) => {
        const request = JSON.parse(
          JSON.stringify(build(JSON.parse(JSON.stringify(valid)), { profile, model: chatModel })),
        );
        expect(parse(request)).toEqual({
          kind: "chat request",
          model: chatModel,
          parts: listRequestParts(request),
          remark: null,
        });
      }),
      { numRuns: 50 },
    );
  });
});
