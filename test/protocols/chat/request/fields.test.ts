import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import { translateCountedRequest } from "../../../support/translate-request.ts";
import { build, invalidRequest, plan, refusalOf, requestBody } from "./build.ts";

describe("[1.1:max_tokens] max_tokens", () => {
  test.each([
    ["openrouter", "max_tokens"],
    ["openai", "max_completion_tokens"],
    ["deepseek", "max_tokens"],
    ["kimi", "max_tokens"],
    ["glm", "max_tokens"],
    ["qwen", "max_tokens"],
    ["minimax", "max_completion_tokens"],
    ["gemini", "max_tokens"],
    ["mistral", "max_tokens"],
    ["groq", "max_completion_tokens"],
    ["xai", "max_completion_tokens"],
    ["ollama", "max_tokens"],
    ["llamacpp", "max_tokens"],
    ["lmstudio", "max_tokens"],
    ["vllm", "max_tokens"],
    ["generic", "max_tokens"],
  ] as const)("[0.13:output-field] %s has it in %s", (profile, field) => {
    const { max_tokens, max_completion_tokens } = build({ max_tokens: 64 }, { profile });
    expect<object>({ max_tokens, max_completion_tokens }).toEqual({ [field]: 64 });
  });

  test("never more than what is configured, with a note", () => {
    const built = plan({ max_tokens: 128_000 }, { maxOutputTokens: 32_000 });
    expect([built.chatRequest.max_tokens, built.repairs]).toEqual([
      32_000,
      ["max_tokens was lowered from 128000 to 32000"],
    ]);
  });

  test.each([
    ["kimi", "kimi-k2.6", 32_768],
    ["deepseek", "deepseek-v4", 128_000],
    ["qwen", "qwen-plus", 32_768],
  ] as const)("[0.13:models] never more than %s %s allows", (profile, model, limit) => {
    expect(build({ max_tokens: 128_000 }, { profile, model, maxOutputTokens: 200_000 }).max_tokens).toBe(
      limit,
    );
  });

  test("a small one is left as it is", () => {
    expect(build({ max_tokens: 1 }, { profile: "openrouter" }).max_tokens).toBe(1);
  });
});

describe("[1.1:stream] stream", () => {
  test.each([
    ["openrouter", { stream: true, stream_options: { include_usage: true } }],
    ["glm", { stream: true, stream_options: { include_usage: true } }],
    ["mistral", { stream: true }],
  ] as const)("[0.13:usage-option] %s", (profile, expected) => {
    const { stream, stream_options } = build({ stream: true }, { profile });
    expect<object>({ stream, stream_options }).toEqual(expected);
  });

  test("a whole answer is asked for without either field", () => {
    expect(build({ stream: false })).toEqual(build({}));
    expect(Object.keys(build({}))).toEqual(["model", "max_tokens", "messages"]);
  });

  const tools = [{ name: "T", input_schema: { type: "object" } }];

  test.each([
    ["glm-4.6", { stream: true, tools }, true],
    ["glm-4.6", { stream: true }, undefined],
    ["glm-4.6", { tools }, undefined],
    ["glm-4.5", { stream: true, tools }, undefined],
  ])("[0.13:tool-stream] glm streams its calls when asked: %s %j", (model, fields, expected) => {
    expect(build(fields, { profile: "glm", model })["tool_stream"]).toBe(expected);
  });
});

const sampled = { temperature: 0, top_p: 0.9, top_k: 40 };
const effort = { output_config: { effort: "high" } };
const noEffort = { thinking: { type: "disabled" } };

describe("[1.1:temperature 1.1:top_p 1.1:top_k] sampling", () => {
  test.each<[ProfileId, string, object, object, string[]]>([
    ["openrouter", "m", {}, { temperature: 0, top_p: 0.9, top_k: 40 }, []],
    ["vllm", "m", {}, { temperature: 0, top_p: 0.9, top_k: 40 }, []],
    ["llamacpp", "m", {}, { temperature: 0, top_p: 0.9, top_k: 40 }, []],
    ["ollama", "m", {}, { temperature: 0, top_p: 0.9, top_k: 40 }, []],
    ["lmstudio", "m", {}, { temperature: 0, top_p: 0.9, top_k: 40 }, []],
    ["generic", "m", {}, { temperature: 0, top_p: 0.9 }, ["top_k"]],
    ["deepseek", "deepseek-v4", {}, { temperature: 0, top_p: 0.9 }, ["top_k"]],
    ["minimax", "MiniMax-M2", {}, { temperature: 0.01, top_p: 0.9 }, ["top_k"]],
    ["kimi", "kimi-k2.5", {}, {}, ["temperature", "top_p", "top_k"]],
    ["kimi", "kimi-k2-0905-preview", {}, { temperature: 0, top_p: 0.9 }, ["top_k"]],
    ["openai", "gpt-4o", {}, { temperature: 0, top_p: 0.9 }, ["top_k"]],
    ["openai", "gpt-5", {}, {}, ["temperature", "top_p", "top_k"]],
    ["openai", "gpt-5.2", effort, {}, ["temperature", "top_p", "top_k"]],
    ["openai", "gpt-5.2", noEffort, { temperature: 0 }, ["top_p", "top_k"]],
    ["openai", "gpt-5.2", { temperature: null }, { top_p: 0.9 }, ["top_k"]],
  ])("%s %s %j -> %j", (profile, model, fields, expected, dropped) => {
    const built = plan({ ...sampled, ...fields }, { profile, model });
    const { temperature, top_p, top_k } = built.chatRequest;
    expect<object>({ temperature, top_p, top_k }).toEqual(expected);
    expect(built.dropped).toEqual(dropped);
  });
});

describe("[1.1:stop_sequences] stop sequences", () => {
  const five = ["1", "2", "3", "4", "5"];
  test.each([
    ["generic", "m", ["1", "2"], ["1", "2"], false],
    ["generic", "m", five, ["1", "2", "3", "4"], true],
    ["glm", "glm-5", ["</block>", "2"], ["</block>"], true],
    ["glm", "glm-5", ["</block>"], ["</block>"], false],
    ["xai", "grok-4", ["</block>"], undefined, true],
    ["openai", "gpt-5.2", ["</block>"], undefined, true],
    ["openai", "gpt-4o", ["</block>"], ["</block>"], false],
    ["openrouter", "x-ai/grok-4", ["</block>"], undefined, true],
  ] as const)("[1.5:watch] %s %s %j: sent %j", (profile, model, asked, stop, watches) => {
    const built = plan({ stop_sequences: asked }, { profile, model });
    expect<object>({ ...built.chatRequest, stop: built.chatRequest.stop }).toEqual({
      ...build({}, { profile, model }),
      stop,
    });
    expect([built.stopSequences, built.watchesStopSequences]).toEqual([[...asked], watches]);
  });

  test("blank ones never match", () => {
    const built = plan({ stop_sequences: ["", "\n\n", " x"] });
    expect([built.chatRequest.stop, built.stopSequences]).toEqual([[" x"], [" x"]]);
    expect(plan({ stop_sequences: [" "] }).chatRequest.stop).toBe(undefined);
  });
});

const schema = {
  type: "object",
  properties: { title: { type: "string" } },
  required: ["title"],
  additionalProperties: false,
};
const format = { type: "json_schema", schema };
const instruction = `Answer with one JSON object that fits this JSON schema, and with nothing else:\n${JSON.stringify(schema)}`;
const tool = { name: "T", input_schema: { type: "object" } };
const asSchema = { type: "json_schema", json_schema: { name: "output", schema, strict: true } };

describe("[1.1:format] output_config.format", () => {
  test.each([
    ["openai", "gpt-5.2", [], asSchema, "S"],
    ["generic", "m", [tool], asSchema, "S"],
    ["qwen", "qwen3.7-max", [], asSchema, "S"],
    ["qwen", "qwen3.6-plus", [], { type: "json_object" }, `S\n\n${instruction}`],
    ["deepseek", "deepseek-v4", [], { type: "json_object" }, `S\n\n${instruction}`],
    ["glm", "glm-5", [], { type: "json_object" }, `S\n\n${instruction}`],
    ["groq", "openai/gpt-oss-120b", [], asSchema, "S"],
    ["groq", "openai/gpt-oss-120b", [tool], undefined, `S\n\n${instruction}`],
  ] as const)("%s %s, tools %j", (profile, model, tools, response_format, system) => {
    const chatRequest = build({ system: "S", output_config: { format }, tools }, { profile, model });
    expect<unknown>(chatRequest.response_format).toEqual(response_format);
    expect(chatRequest.messages[0]).toEqual({ role: "system", content: system });
  });

  test.each<ProfileId>(["openai", "openrouter", "generic", "groq", "vllm", "llamacpp"])(
    "%s: a schema that leaves something open is not called strict",
    (profile) => {
      const open = { ...schema, properties: { ...schema.properties, note: { type: "string" } } };
      const { response_format } = build(
        { output_config: { format: { ...format, schema: open } } },
        { profile },
      );
      expect<unknown>(response_format).toEqual({
        type: "json_schema",
        json_schema: { name: "output", schema: open },
      });
    },
  );

  test("llama.cpp is not told of limits that it makes no grammar of", () => {
    const long = { ...schema, properties: { title: { type: "string", maxLength: 5000, minLength: 1 } } };
    const built = build({ output_config: { format: { ...format, schema: long } } }, { profile: "llamacpp" });
    expect<unknown>(built.response_format).toEqual({
      type: "json_schema",
      json_schema: {
        name: "output",
        schema: { ...schema, properties: { title: { type: "string", minLength: 1 } } },
        strict: true,
      },
    });
  });

  test("output_format is the older name", () => {
    expect<unknown>(build({ output_format: format }).response_format).toEqual(asSchema);
  });

  test("the schema is a part of its own beside a cache mark", () => {
    const cache_control = { type: "ephemeral" } as const;
    const system = [{ type: "text", text: "S", cache_control }];
    const target = { profile: "qwen", model: "qwen3.6-plus" } as const;
    expect(build({ system, output_config: { format } }, target).messages[0]).toEqual({
      role: "system",
      content: [
        { type: "text", text: "S", cache_control },
        { type: "text", text: instruction },
      ],
    });
  });
});

const uuid = "0f2b9d3c-1111-4222-8333-944445555666";

describe("[1.1:metadata] the session", () => {
  test.each([
    [JSON.stringify({ device_id: "d", account_uuid: "", session_id: uuid }), uuid],
    [`user_0123_account__session_${uuid}`, uuid],
    [`user_of_session_a_session_${uuid}`, uuid],
    [`user_a_session_${uuid}!`, undefined],
    ["user_a_session_", undefined],
    [`${"a".repeat(4096)}_session_${uuid}`, undefined],
    ["someone", undefined],
    ["{not json", undefined],
    ['{"session_id":7}', undefined],
    [JSON.stringify({ session_id: "x".repeat(256) }), "x".repeat(256)],
    [JSON.stringify({ session_id: "x".repeat(257) }), undefined],
    [null, undefined],
  ])("%j", (user_id, expected) => {
    expect(build({ metadata: { user_id } }, { profile: "openrouter" })["session_id"]).toBe(expected);
  });

  test.each([
    ["openrouter", { session_id: uuid }],
    ["openai", { prompt_cache_key: uuid }],
    ["generic", {}],
    ["kimi", {}],
  ] as const)("[1.4:openai] %s", (profile, expected) => {
    const metadata = { user_id: `user_a_session_${uuid}` };
    expect<object>(build({ metadata }, { profile })).toEqual({ ...build({}, { profile }), ...expected });
  });
});

describe("fields that nobody upstream reads", () => {
  test("[1.1:unknown 1.1:task_budget 1.1:context_management 1.1:safeguards 1.1:cache_control] are dropped with a note, Claude Code's usual ones without", () => {
    const built = plan({
      context_management: {
        edits: [{ type: "clear_thinking_20251015", keep: "all" }, { type: "compact_20260112" }],
      },
      output_config: { task_budget: { total: 1 } },
      safeguards: [{ type: "dangerous_tool_use" }],
      mcp_servers: [],
      cache_control: { type: "ephemeral" },
      service_tier: "auto",
      speed: "fast",
      provider: { order: [] },
      tomorrow: 1,
    });
    expect(built.chatRequest).toEqual(plan({}).chatRequest);
    expect(built.dropped).toEqual([
      "service_tier",
      "speed",
      "provider",
      "tomorrow",
      "output_config.task_budget",
      "context_management.compact_20260112",
    ]);
    expect(built.wantsContextManagement).toBe(true);
  });

  test("[1.1:extra-body 1.1:cache_control] OpenRouter's own pass, and the mark at the top", () => {
    const passed = {
      provider: { order: ["a"] },
      models: ["b"],
      plugins: [],
      transforms: ["c"],
      route: "fallback",
      cache_control: { type: "ephemeral" },
    };
    expect<object>(build(passed, { profile: "openrouter" })).toEqual({
      ...build({}, { profile: "openrouter" }),
      ...passed,
    });
  });
});

describe("fields that would change the meaning of the answer", () => {
  test.each([
    [{ compaction: { enabled: true } }, "compaction is not supported by this proxy"],
    [{ thread: { id: "t" } }, "threads are not supported"],
    [
      { mcp_servers: [{ type: "url", url: "https://mcp.test" }] },
      "mcp_servers: MCP servers are not supported by this proxy",
    ],
    [
      { messages: Array.from({ length: 100_001 }, () => ({ role: "user", content: "" })) },
      "messages: at most 100000 messages are allowed",
    ],
  ])("[1.1:compaction 1.1:thread 1.1:mcp_servers 1.1:messages-limit] are refused", (fields, message) => {
    expect(refusalOf(fields)).toEqual(invalidRequest(message));
  });
});

test("[7:sent] a request to be counted has the same prompt", () => {
  const { max_tokens: _, ...counted } = { ...Object(requestBody({ system: "S", tools: [tool] })) };
  const model = "deepseek-v4";
  const profile = selectProfile({ setting: "deepseek", baseUrl: "https://upstream.test/v1", model });
  const chatRequest = translateCountedRequest(counted, { model, profile, maxOutputTokens: 8192 });
  expect<object>(JSON.parse(JSON.stringify(chatRequest))).toEqual(
    build({ system: "S", tools: [tool], max_tokens: 8192 }, { profile: "deepseek", model }),
  );
});
