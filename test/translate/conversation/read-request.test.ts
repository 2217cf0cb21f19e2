import { describe, expect, test } from "bun:test";
import { type MessagesRequest, messagesRequestSchema } from "../../../src/anthropic/messages-request.ts";
import type { ProfileId } from "../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { buildChatRequest } from "../../../src/protocols/chat/request/build-chat-request.ts";
import type { Target } from "../../../src/protocols/protocol.ts";
import type { Asked } from "../../../src/translate/conversation/asked.ts";
import {
  type ReadOptions,
  readInParts,
  readRequest,
} from "../../../src/translate/conversation/read-request.ts";

const model = "anthropic/claude-opus-4.6";

function optionsFor(setting: ProfileId): ReadOptions & Target {
  const profile = selectProfile({ setting, baseUrl: "https://upstream.test/v1", model });
  return { model, profile, maxOutputTokens: 64_000 };
}

function parse(fields: object): MessagesRequest {
  return messagesRequestSchema.parse({ model: "claude-opus-5-5", max_tokens: 100, ...fields });
}

function read(fields: object): Asked {
  return readRequest(parse(fields), optionsFor("openrouter"));
}

const hi = { role: "user", content: "hi" };
const cache_control = { type: "ephemeral", ttl: "1h" };
const call = (id: string, name = "Read") => ({ type: "tool_use" as const, id, name, input: { p: "a" } });

describe("turns", () => {
  test("results are matched to their calls, in the order of the calls, and what else was said stands apart", () => {
    const { turns, lastSpokenIndex, usedToolIds, calledNames } = read({
      messages: [
        hi,
        {
          role: "assistant",
          content: [{ type: "text", text: "A" }, call("t1"), call("t2", "Grep"), call("t3")],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t2", is_error: true, content: "gone" },
            { type: "tool_result", tool_use_id: "t0", content: "old" },
            { type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "B" }], cache_control },
            { type: "text", text: "C", cache_control },
          ],
        },
      ],
    });
    expect(turns).toEqual([
      { role: "user", results: [], said: [{ type: "text", text: "hi" }] },
      {
        role: "assistant",
        items: [{ type: "text", text: "A" }, call("t1"), call("t2", "Grep"), call("t3")],
      },
      {
        role: "user",
        results: [
          {
            callId: "t1",
            toolName: "Read",
            parts: [{ type: "text", text: "B" }],
            isError: false,
            mark: cache_control,
          },
          { callId: "t2", toolName: "Grep", parts: [{ type: "text", text: "gone" }], isError: true },
          {
            callId: "t3",
            toolName: "Read",
            parts: [{ type: "text", text: "[Tool result missing: the call was interrupted]" }],
            isError: false,
          },
        ],
        said: [
          { type: "text", text: "[Result of an earlier tool call t0]\nold" },
          { type: "text", text: "C", mark: cache_control },
        ],
      },
    ]);
    expect(lastSpokenIndex).toBe(2);
    expect([...usedToolIds]).toEqual(["t1", "t2", "t3", "t0"]);
    expect([...calledNames]).toEqual(["Read", "Grep"]);
  });

  test("a user who only brings results does not speak", () => {
    const result = { type: "tool_result", tool_use_id: "t1", content: "B" };
    const messages = [hi, { role: "assistant", content: [call("t1")] }, { role: "user", content: [result] }];
    expect(read({ messages }).lastSpokenIndex).toBe(0);
  });

  test("sources are read, and marks are the client's own", () => {
    const image = (source: object) => ({ type: "image", source, cache_control });
    const { turns } = read({
      messages: [
        {
          role: "user",
          content: [
            image({ type: "base64", media_type: "image/gif", data: "iVBO\nRw0KGgo=" }),
            image({ type: "url", url: "data:image/webp;base64,QQ==" }),
            image({ type: "url", url: "https://pictures.test/1.png" }),
            {
              type: "document",
              title: "a.pdf",
              source: { type: "base64", media_type: "application/pdf", data: "JV BE" },
            },
          ],
        },
      ],
    });
    expect(turns).toEqual([
      {
        role: "user",
        results: [],
        said: [
          {
            type: "image",
            source: { type: "base64", mediaType: "image/png", data: "iVBORw0KGgo=" },
            mark: cache_control,
          },
          {
            type: "image",
            source: { type: "base64", mediaType: "image/webp", data: "QQ==" },
            mark: cache_control,
          },
          {
            type: "image",
            source: { type: "url", url: "https://pictures.test/1.png" },
            mark: cache_control,
          },
          {
            type: "document",
            source: { type: "base64", mediaType: "application/pdf", data: "JVBE" },
            title: "a.pdf",
          },
        ],
      },
    ]);
  });
});

test("all else that is asked, in no wire's words", () => {
  const schema = { type: "object", properties: {} };
  const asked = read({
    system: [
      { type: "text", text: "x-anthropic-billing-header: a\n" },
      { type: "text", text: "S", cache_control },
    ],
    messages: [hi, { role: "assistant", content: "{" }],
    max_tokens: 100_000,
    stream: true,
    temperature: 0,
    top_p: null,
    stop_sequences: [" ", "END"],
    tools: [
      { name: "a/b", description: "D", input_schema: schema, strict: true, cache_control },
      { type: "web_search_20250305", name: "web_search", max_uses: 3 },
    ],
    tool_choice: { type: "any", disable_parallel_tool_use: true },
    thinking: { type: "enabled", budget_tokens: 2000, display: "omitted" },
    output_config: { format: { type: "json_schema", schema }, task_budget: { total: 1 } },
    context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
    metadata: { user_id: "user_1_session_s" },
    provider: { order: ["a"] },
    cache_control,
  });
  const { tools, turns, usedToolIds, calledNames, ...rest } = asked;
  const { toolNames, ...otherTools } = tools;
  expect(rest).toEqual({
    system: [{ type: "text", text: "S", mark: cache_control }],
    lastSpokenIndex: 0,
    isPrefilled: true,
    webSearchQuery: "hi",
    thinking: { state: "on", effort: null, budgetTokens: 2000 },
    thinkingDisplay: "omitted",
    sampling: { temperature: 0, topP: null, topK: null },
    stopSequences: ["END"],
    outputLimit: 64_000,
    isStreamed: true,
    outputSchema: schema,
    sessionId: "s",
    cacheMark: cache_control,
    others: {
      fields: { provider: { order: ["a"] } },
      droppedWishes: ["output_config.task_budget", "context_management.clear_tool_uses_20250919"],
    },
    wantsContextManagement: true,
    notes: { dropped: new Set(), mended: new Set(["max_tokens was lowered from 100000 to 64000"]) },
    laterNotes: { dropped: new Set(), mended: new Set() },
  });
  expect(otherTools).toEqual({
    functions: [
      { name: "a/b", description: "D", inputSchema: schema, isStrict: true, cacheControl: cache_control },
    ],
    serverTools: [
      {
        type: "web_search",
        allowedDomains: undefined,
        blockedDomains: undefined,
        maxUses: 3,
        userLocation: undefined,
      },
    ],
    standingSearch: null,
    choice: { type: "any", name: null, forbidsParallel: true },
  });
  expect(toolNames("a/b")).toBe("a_b");
});

describe("a reading", () => {
  const messages = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: `turn ${index}`,
    }));

  test.each([
    [10_000, 1],
    [10_001, 2],
  ])("of %d turns is made in parts of ten thousand, and comes to the same as at once", (turns, yields) => {
    const request = parse({ messages: messages(turns) });
    const parts = readInParts(request, optionsFor("generic"));
    let count = 0;
    let part = parts.next();
    for (; part.done !== true; part = parts.next()) count += 1;
    expect(count).toBe(yields);
    // Not by `toEqual`, which takes its time for so many.
    expect(JSON.stringify(part.value)).toBe(JSON.stringify(readRequest(request, optionsFor("generic"))));
  });

  function freeze(value: unknown): void {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }

  test("can be written again and again, and stays as it is", () => {
    const marked = (text: string) => ({ type: "text", text, cache_control });
    const asked = read({
      system: [marked("S"), marked("T")],
      tools: [{ name: "Read", input_schema: { type: "object" }, cache_control }],
      messages: [
        { role: "user", content: [marked("A"), marked("B"), marked("C"), { type: "text", text: "D" }] },
        { role: "assistant", content: [{ type: "thinking", thinking: "T", signature: "s" }, call("t1")] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "E", cache_control }] },
        { role: "assistant", content: "F " },
      ],
    });
    freeze(asked);
    const { profile } = optionsFor("openrouter");
    const build = (recovery = {}) => JSON.stringify(buildChatRequest(asked, { model, profile, ...recovery }));
    const first = build();
    expect(build({ withoutOpaqueReasoning: true })).not.toBe(first);
    expect(build()).toBe(first);
  });
});
