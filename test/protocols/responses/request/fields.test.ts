import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { build, plan, type Target } from "./build.ts";

const luna: Target = { profile: "openai", model: "gpt-5.6-luna" };
const gpt5: Target = { profile: "openai", model: "gpt-5" };
const o3: Target = { profile: "openai", model: "o3" };
const gpt4o: Target = { profile: "openai", model: "gpt-4o" };
const grok: Target = { profile: "xai", model: "grok-4" };
const vllm: Target = { profile: "vllm", model: "llama-4" };
const input = [{ type: "message", role: "user", content: "hi" }] as const;
const on = { thinking: { type: "adaptive" } };
const off = { thinking: { type: "disabled" } };
const encrypted = { include: ["reasoning.encrypted_content"] };

/** What is sent beside what every request has. */
function fieldsOf(fields: object, target: Target): object {
  const { model, max_output_tokens, store, input: _, ...rest } = build(fields, target);
  return rest;
}

test("[21:model 21:input 21:store 21:never] a plain question", () => {
  expect<unknown>(build({ metadata: { user_id: "u" }, speed: "fast" }, { model: "big" })).toEqual({
    model: "big",
    max_output_tokens: 100,
    store: false,
    input,
  });
});

test("[21:input] the conversation is the last field", () => {
  const fields = { system: "S", ...on, stream: true, tools: [{ name: "A", input_schema: {} }] };
  for (const target of [luna, grok, vllm]) {
    expect(Object.keys(plan(fields, target).body).at(-1)).toBe("input");
  }
});

test.each<[string, unknown, object]>([
  ["text blocks", ["A", "B"].map((text) => ({ type: "text", text })), { instructions: "A\n\nB" }],
  ["nothing", "", {}],
  ["the billing header only", "x-anthropic-billing-header: cc_version=1;", {}],
])("[21:instructions] %s", (_, system, expected) => {
  expect(fieldsOf({ system }, vllm)).toEqual(expected);
});

test.each([
  [1, 16, ["max_tokens was raised from 1 to 16"]],
  [15, 16, ["max_tokens was raised from 15 to 16"]],
  [16, 16, []],
  [64, 64, []],
])("[21:output-limit] max_tokens %d", (max_tokens, sent, mended) => {
  const built = plan({ max_tokens });
  expect([built.body.max_output_tokens, built.plan.maxTokens, built.mended]).toEqual([sent, sent, mended]);
});

test("[21:stream 21:obfuscation] a stream", () => {
  expect(fieldsOf({ stream: true }, vllm)).toEqual({ stream: true });
  expect(fieldsOf({ stream: true }, gpt4o)).toEqual({
    stream: true,
    stream_options: { include_obfuscation: false },
  });
  expect(fieldsOf({ stream: false }, gpt4o)).toEqual({});
});

describe("thinking", () => {
  const effort = (level: string) => ({ output_config: { effort: level } });
  test.each<[string, object, Target, object]>([
    ["[21:unset 21:include] unset", {}, luna, encrypted],
    ["[21:include] a model that does not reason", on, gpt4o, {}],
    ["[21:effort 21:include] off", off, luna, { reasoning: { effort: "none" } }],
    ["[21:effort] off, gpt-5", off, gpt5, { reasoning: { effort: "minimal" } }],
    ["[21:effort 21:include] off, o3", off, o3, { reasoning: { effort: "low" }, ...encrypted }],
    ["[21:effort 21:summary] on", on, luna, { reasoning: { summary: "auto" }, ...encrypted }],
    ["[21:effort] max", effort("max"), luna, { reasoning: { effort: "max", summary: "auto" }, ...encrypted }],
    [
      "[21:effort] above the list",
      effort("max"),
      gpt5,
      { reasoning: { effort: "high", summary: "auto" }, ...encrypted },
    ],
    [
      "[21:effort] a budget",
      { thinking: { type: "enabled", budget_tokens: 4096, display: "omitted" } },
      luna,
      { reasoning: { effort: "medium" }, ...encrypted },
    ],
    ["[21:summary] not shown", { thinking: { type: "adaptive", display: "omitted" } }, luna, encrypted],
    ["[21:summary] no levels, xAI", on, grok, { reasoning: { summary: "auto" }, ...encrypted }],
    ["[21:effort] cannot be off, no levels", off, grok, encrypted],
    ["[21:summary] plain reasoning", on, vllm, {}],
    ["[21:effort] off, a local server", off, vllm, { reasoning: { effort: "none" } }],
  ])("%s", (_, fields, target, expected) => {
    expect(fieldsOf(fields, target)).toEqual(expected);
  });

  test("[21:effort] a note says that a model cannot stop", () => {
    const { mended, plan: answer } = plan(off, o3);
    expect([mended, answer.thinkingIsOn]).toEqual([
      ["thinking could not be switched off: the model always thinks"],
      true,
    ]);
  });

  test("[21:tools-effort 21:minimal] tools, and a search", () => {
    const custom = { name: "A", input_schema: {} };
    const search = { type: "web_search_20250305", name: "web_search" };
    expect(build({ ...off, tools: [custom] }, gpt5).reasoning).toEqual({ effort: "minimal" });
    expect(build({ ...off, tools: [custom, search] }, gpt5).reasoning).toEqual({ effort: "low" });
  });
});

describe("an output format", () => {
  const open = { type: "object", properties: { t: { type: "string" } } };
  const closed = { ...open, required: ["t"], additionalProperties: false };
  const formatOf = (schema: object) => ({ output_config: { format: { type: "json_schema", schema } } });
  const text = `Answer with one JSON object that fits this JSON schema, and with nothing else:\n${JSON.stringify(open)}`;

  test("[21:format] a schema", () => {
    expect(fieldsOf(formatOf(open), gpt4o)).toEqual({
      text: { format: { type: "json_schema", name: "output", schema: open } },
    });
    expect(fieldsOf(formatOf(closed), gpt4o)).toEqual({
      text: { format: { type: "json_schema", name: "output", schema: closed, strict: true } },
    });
  });

  test("[21:format] a text in the instructions", () => {
    const target: Target = { profile: "llamacpp" };
    expect(fieldsOf({ system: "S", ...formatOf(open) }, target)).toEqual({ instructions: `S\n\n${text}` });
    expect(fieldsOf(formatOf(open), target)).toEqual({ instructions: text });
  });

  const deepseek: Target = { profile: "deepseek", model: "deepseek-chat" };
  const jsonOf = (messages: object[], target = deepseek) => build({ messages, ...formatOf(open) }, target);

  test("[21:json-object] a text in the user's last message", () => {
    const messages = [
      { role: "user", content: "A" },
      { role: "assistant", content: "B" },
      { role: "user", content: "C" },
    ];
    const sent = jsonOf(messages);
    expect(sent.text).toEqual({ format: { type: "json_object" } });
    expect(sent.input.at(0)).toEqual({ type: "message", role: "user", content: "A" });
    expect(sent.input.at(-1)).toEqual({ type: "message", role: "user", content: `C\n${text}` });
  });

  test("[21:json-object] a part beside an image, and not in the outputs", () => {
    const source = { type: "url", url: "https://pictures.test/1.png" };
    const call = { type: "tool_use", id: "t", name: "T", input: {} };
    const sent = jsonOf(
      [
        { role: "user", content: [{ type: "image", source }] },
        { role: "assistant", content: [call] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "R" }] },
      ],
      { ...deepseek, overrides: { traits: { messages: { images: "url" } } } },
    );
    expect(sent.input.filter(({ type }) => type === "message")).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_image", image_url: source.url, detail: "auto" },
          { type: "input_text", text },
        ],
      },
    ]);
  });
});

describe("sampling", () => {
  const fields = { temperature: 0.2, top_p: 0.9, top_k: 5 };
  test.each<[string, Target, object, object, string[]]>([
    ["[21:sampling] a model that reasons", luna, {}, {}, ["temperature", "top_p", "top_k"]],
    ["[21:sampling] the same, off", luna, off, { temperature: 0.2, top_p: 0.9 }, ["top_k"]],
    ["[21:sampling] one that never takes it", o3, off, {}, ["temperature", "top_p", "top_k"]],
    [
      "[21:sampling 21:top-k] one that does not reason",
      gpt4o,
      {},
      { temperature: 0.2, top_p: 0.9 },
      ["top_k"],
    ],
    ["[21:top-k] a local server", vllm, {}, fields, []],
  ])("%s", (_, target, thinking, expected, dropped) => {
    const { body, dropped: told } = plan({ ...fields, ...thinking }, target);
    const { temperature, top_p, top_k } = body;
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected);
    expect(told).toEqual(dropped);
  });
});

test("[21:stop] stop sequences are watched for, however few", () => {
  const { body, plan: answer } = plan({ stop_sequences: ["END", " "] }, vllm);
  expect(body).not.toHaveProperty("stop");
  expect([answer.stopSequences, answer.watchesStopSequences]).toEqual([["END"], true]);
  expect(plan({}, vllm).plan.watchesStopSequences).toBe(false);
});

test("[21:session] the session", () => {
  const session = (id: string, target: Target) =>
    fieldsOf({ metadata: { user_id: JSON.stringify({ session_id: id }) } }, target);
  const long = "s".repeat(65);
  const hash = createHash("sha256").update(long).digest("hex");
  expect(session("s-1", gpt4o)).toEqual({ prompt_cache_key: "s-1" });
  expect(session(long, gpt4o)).toEqual({ prompt_cache_key: hash });
  expect(session("s".repeat(64), { profile: "xai", model: "grok-3" })).toEqual({
    prompt_cache_key: "s".repeat(64),
  });
  expect(session(long, { profile: "openrouter", model: "m" })).toEqual({ session_id: long });
  expect(session("s-1", vllm)).toEqual({});
});

test("[21:passed] other fields", () => {
  const fields = { provider: { zdr: true }, service_tier: "auto", tomorrow: 1 };
  const sent = plan(fields, { profile: "openrouter" });
  expect([sent.body["provider"], sent.dropped]).toEqual([{ zdr: true }, ["service_tier", "tomorrow"]]);
  const other = plan(fields, luna);
  expect(other.body).not.toHaveProperty("provider");
  expect(other.dropped).toEqual(["provider", "service_tier", "tomorrow"]);
});
