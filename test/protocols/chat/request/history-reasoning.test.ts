import { describe, expect, test } from "bun:test";
import type { ThinkingBlockParam } from "../../../../src/anthropic/content-block.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import { type EnvelopeContent, encodeEnvelope } from "../../../../src/translate/reasoning/encode-envelope.ts";
import { readReasoning } from "../../../../src/translate/reasoning/read-reasoning.ts";
import { createRequestNotes } from "../../../../src/translate/request-notes.ts";
import { build, messages, plan, type Target } from "./build.ts";

const user = { role: "user", content: "hi" };
const on = { thinking: { type: "adaptive" } };
const off = { thinking: { type: "disabled" } };
const kimi: Target = { profile: "kimi", model: "kimi-k2.6" };
const deepseek: Target = { profile: "deepseek", model: "deepseek-v4" };
const opus: Target = { profile: "openrouter", model: "anthropic/claude-opus-4.6" };
const gpt: Target = { profile: "openrouter", model: "openai/gpt-5.2" };
const gemini: Target = { profile: "gemini", model: "gemini-3-pro-preview" };
const minimax: Target = { profile: "minimax", model: "MiniMax-M2.5" };
const vllm: Target = { profile: "vllm", model: "Qwen/Qwen3.5-35B" };
const ollama: Target = { profile: "ollama", model: "gpt-oss:20b" };

/** A thinking block that shows "T", signed by us. */
function thought(content: Partial<EnvelopeContent>): ThinkingBlockParam {
  const signature = encodeEnvelope({ family: "text", model: "m", visibleText: "T", ...content });
  return { type: "thinking", thinking: content.visibleText ?? "T", signature };
}

function carrier(content: Partial<EnvelopeContent>): object {
  return {
    type: "redacted_thinking",
    data: encodeEnvelope({ family: "text", model: "m", visibleText: "", ...content }),
  };
}

function use(id: string): object {
  return { type: "tool_use", id, name: "T", input: {} };
}

function said(...blocks: object[]): object[] {
  return [user, { role: "assistant", content: [...blocks, { type: "text", text: "B" }] }, user];
}

/** One call `t` after these blocks, and its result. */
function called(...blocks: object[]): object[] {
  const result = { type: "tool_result", tool_use_id: "t", content: "R" };
  return [user, { role: "assistant", content: [...blocks, use("t")] }, { role: "user", content: [result] }];
}

/** What went back on the assistant message `index` beside content and calls. */
function returned(conversation: object[], target: Target, fields: object = on, index = 1): object {
  const message = build({ ...fields, messages: conversation }, target).messages[index];
  if (message?.role !== "assistant") throw new Error(`message ${index} is not the assistant's`);
  const { role, content, tool_calls, ...rest } = message;
  return rest;
}

const claude = { type: "thinking", thinking: "T", signature: "EqQB1234" };
const unsigned = { type: "thinking", thinking: "T", signature: "" };
const foreign = thought({ family: "or-openai", model: "openai/gpt-5.2", details: [{ type: "x" }] });

describe("upstreams that take reasoning as text", () => {
  const text = { reasoning_content: "T" };
  const space = { reasoning_content: " " };
  const empty = { reasoning_content: "" };

  test.each<[string, Target, object, object, object[]]>([
    ["[6.2:deepseek] DeepSeek, known", deepseek, on, text, said(thought({}))],
    ["[6.2:deepseek] DeepSeek, unknown, on a plain turn too", deepseek, on, space, said()],
    ["[6.2:deepseek] DeepSeek, unknown, thinking by default", deepseek, {}, space, said()],
    ["[6.2:deepseek] DeepSeek, thinking off", deepseek, off, {}, called(thought({}))],
    ["[6.2:deepseek] DeepSeek, received empty", deepseek, on, space, called(carrier({ hiddenText: "" }))],
    ["[6.2:content] Kimi, known, with calls", kimi, on, text, called(thought({}))],
    ["[6.2:content] Kimi, known, on a plain turn", kimi, on, text, said(thought({}))],
    ["[6.2:content] Kimi, unknown, with calls", kimi, on, space, called()],
    ["[6.2:content] Kimi, unknown, on a plain turn", kimi, on, {}, said()],
    ["[6.2:content] Kimi, thinking off", kimi, off, {}, called(thought({}))],
    ["[6.2:content] GLM, unknown, with calls", { profile: "glm", model: "glm-4.6" }, on, empty, called()],
    [
      "[6.2:content] GLM, off by default and nothing known",
      { profile: "glm", model: "glm-4.6" },
      {},
      {},
      called(),
    ],
    [
      "[6.2:content] Qwen, unknown, with calls",
      { profile: "qwen", model: "qwen3.6-plus" },
      on,
      empty,
      called(),
    ],
    ["[6.2:content] vLLM, known", vllm, on, text, called(thought({}))],
    ["[6.2:content] vLLM, unknown", vllm, on, empty, called()],
    [
      "[6.2:content] llama.cpp, known",
      { profile: "llamacpp", model: "gpt-oss-120b" },
      on,
      text,
      called(thought({})),
    ],
    [
      "[6.2:llamacpp] a model of which nothing is known",
      { profile: "llamacpp", model: "noise" },
      on,
      text,
      called(thought({})),
    ],
    [
      "[6.2:llamacpp] the same, where nothing is known",
      { profile: "llamacpp", model: "noise" },
      on,
      {},
      called(),
    ],
    [
      "[6.2:content] vLLM, a model that does not want it",
      { profile: "vllm", model: "llama-4" },
      on,
      {},
      called(thought({})),
    ],
    ["[6.3:own] not shown to the client", kimi, on, text, called(carrier({ hiddenText: "T" }))],
    ["[6.3:other] of another family", kimi, on, text, called(foreign)],
    [
      "[6.3:other] not shown, of another family",
      kimi,
      on,
      text,
      called(carrier({ family: "or-openai", hiddenText: "T" })),
    ],
    ["[6.3:claude] of Claude", kimi, on, text, called(claude)],
    ["[6.3:unsigned] of nobody", kimi, on, text, called(unsigned)],
    ["[6.1:limits] in a broken envelope", kimi, on, text, called({ ...claude, signature: "ccp1.broken" })],
    [
      "[6.3:edited] edited",
      kimi,
      on,
      { reasoning_content: "edited" },
      called({ ...thought({}), thinking: "edited" }),
    ],
    [
      "[6.2:content] in several blocks",
      kimi,
      on,
      { reasoning_content: "T\n\nU" },
      called(claude, { ...claude, thinking: "U" }),
    ],
    [
      "[6.3:redacted] redacted by Claude",
      kimi,
      on,
      space,
      called({ type: "redacted_thinking", data: "EqQB" }),
    ],
  ])("%s", (_, target, fields, expected, conversation) => {
    expect(returned(conversation, target, fields)).toEqual(expected);
  });

  test("[6.2:default] reasoning of this upstream goes back although the client did not ask for thinking", () => {
    const own = called(thought({ model: "glm-4.6" }));
    const target: Target = { profile: "glm", model: "glm-4.5" };
    expect(returned(own, target, {})).toEqual(text);
    expect(returned(own, target, off)).toEqual({});
    expect(returned(called(thought({ model: "deepseek-v4" })), target, {})).toEqual({});
  });

  test.each(["openai", "groq", "xai", "lmstudio", "mistral", "generic"] as const)(
    "[6.2:nothing 6.2:mistral 2.2:thinking] nothing for %s",
    (profile) => {
      expect(returned(called(thought({})), { profile, model: "gpt-oss" })).toEqual({});
    },
  );

  test("[6.2:content] the field stands before the calls", () => {
    const message = messages(called(thought({})), kimi)[1] ?? {};
    expect(Object.keys(message)).toEqual(["role", "content", "reasoning_content", "tool_calls"]);
  });
});

test("[6.2:ollama] reasoning of the running tool loop only", () => {
  const round = (id: string) => [
    { role: "assistant", content: [claude, use(id)] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "R" }] },
  ];
  const conversation = [user, ...round("a"), user, ...round("b"), ...round("c")];
  const reasoning = messages(conversation, ollama)
    .filter((message) => message.role === "assistant")
    .map((message) => message.reasoning);
  expect(reasoning).toEqual([undefined, "T", "T"]);
});

describe("OpenRouter", () => {
  const detail = { type: "reasoning.encrypted", data: "x", id: "rs_1", format: "openai-responses-v1" };
  const own = { family: "or-openai", model: "openai/gpt-5" } as const;

  test.each<[string, Target, object, object[]]>([
    [
      "[6.3:own] its own, of a sister model",
      gpt,
      { reasoning_details: [detail] },
      called(carrier({ ...own, details: [detail] })),
    ],
    [
      "[6.2:openrouter] what is no detail goes",
      gpt,
      { reasoning_details: [detail] },
      called(carrier({ ...own, details: ["x", null, detail] })),
    ],
    [
      "[6.2:openrouter] an empty list",
      gpt,
      { reasoning_details: [] },
      called(thought({ ...own, details: [] })),
    ],
    [
      "[6.1:form] text by reference",
      gpt,
      { reasoning_details: [{ summary: "T" }] },
      said(thought({ ...own, details: [{ summary: "T" }] })),
    ],
    [
      "[6.1:form] hidden text by reference",
      gpt,
      { reasoning_details: [{ summary: "T" }] },
      said(thought({ ...own, visibleText: "", hiddenText: "T", details: [{ summary: "T" }] })),
    ],
    [
      "[6.3:edited] edited text",
      gpt,
      {},
      called({ ...thought({ ...own, details: [detail] }), thinking: "edited" }),
    ],
    ["[6.3:other] of another family", opus, {}, called(carrier({ ...own, details: [detail] }))],
    [
      "[6.3:other] of another vendor in the same family",
      { profile: "openrouter", model: "qwen/qwen3.6-plus" },
      {},
      called(carrier({ family: "or-other", model: "z-ai/glm-5", details: [detail] })),
    ],
    ["[6.3:other] of a direct upstream", gpt, {}, called(thought({}))],
    ["[6.3:claude] Claude's own, at another vendor's", gpt, {}, called(claude)],
    [
      "[6.3:claude 6.3:redacted] Claude's own",
      opus,
      {
        reasoning_details: [
          {
            type: "reasoning.text",
            text: "T",
            signature: "EqQB1234",
            format: "anthropic-claude-v1",
            index: 0,
          },
          { type: "reasoning.encrypted", data: "EqQC", format: "anthropic-claude-v1" },
        ],
      },
      called(claude, { type: "redacted_thinking", data: "EqQC" }),
    ],
    ["[6.3:unsigned] unsigned", opus, {}, called(unsigned)],
    ["[6.1:limits] a broken envelope", opus, {}, called({ ...claude, signature: "ccp1.broken" })],
    ["[6.1:limits] a broken carrier", opus, {}, called({ type: "redacted_thinking", data: "ccp1.broken" })],
  ])("%s", (_, target, expected, conversation) => {
    expect(returned(conversation, target)).toEqual(expected);
  });

  test("[6.2:openrouter] text of Anthropic and Google without a signature is left out", () => {
    const details = ["anthropic-claude-v1", "google-gemini-v1", "unknown"].map((format) => ({
      type: "reasoning.text",
      text: format,
      format,
    }));
    const signed = { ...details[0], signature: "s" };
    const family = "or-anthropic";
    const block = thought({ family, model: "anthropic/x", details: [...details, signed] });
    expect(returned(said(block), opus)).toEqual({ reasoning_details: [details[2], signed] });
  });

  test("[6.2:openrouter] an item goes back once, the parts of one summary all", () => {
    const summaries = ["1", "2"].map((summary) => ({ type: "reasoning.summary", summary, id: "rs_1" }));
    const block = carrier({ ...own, details: [...summaries, detail] });
    const conversation = [
      ...called(block),
      { role: "assistant", content: [block, { type: "text", text: "B" }] },
      user,
    ];
    expect(returned(conversation, gpt, on, 1)).toEqual({ reasoning_details: [...summaries, detail] });
    expect(returned(conversation, gpt, on, 3)).toEqual({});
  });

  test("[6.2:openrouter] details of all blocks of a message, in their order", () => {
    const numbered = (data: string) => ({ type: "reasoning.encrypted", data });
    const blocks = ["1", "2"].map((data) => carrier({ ...own, details: [numbered(data)] }));
    expect(returned(called(...blocks), gpt)).toEqual({ reasoning_details: [numbered("1"), numbered("2")] });
  });

  test.each(["moonshotai/kimi-k2.6", "deepseek/deepseek-v4"])(
    "[6.2:content 6.2:deepseek] %s demands reasoning beside calls",
    (model) => {
      const target: Target = { profile: "openrouter", model };
      expect(returned(called(), target)).toEqual({ reasoning: " " });
      expect(returned(said(), target)).toEqual({});
      expect(returned(called(), target, off)).toEqual({});
    },
  );
});

describe("[6.2:gemini] thought signatures", () => {
  const signed = (id: string) =>
    carrier({ family: "gemini", model: "gemini-3-flash", toolSignatures: [[id, "SIG"]] });
  const placeholder = { google: { thought_signature: "skip_thought_signature_validator" } };
  const extra = { google: { thought_signature: "SIG" } };

  /** `extra_content` of each call in a message that calls `a` and `b`. */
  function ofCalls(blocks: object[], target: Target): unknown[] {
    const results = ["a", "b"].map((id) => ({ type: "tool_result", tool_use_id: id, content: "R" }));
    const conversation = [
      user,
      { role: "assistant", content: [...blocks, use("a"), use("b")] },
      { role: "user", content: results },
    ];
    const calls = messages(conversation, target).flatMap((message) =>
      message.role === "assistant" ? (message.tool_calls ?? []) : [],
    );
    return calls.map((call) => call.extra_content);
  }

  test.each<[string, object[], Target, unknown[]]>([
    ["on the call that had it", [signed("a")], gemini, [extra, undefined]],
    ["also on the second", [signed("b")], gemini, [undefined, extra]],
    ["none known: the first call takes the placeholder", [], gemini, [placeholder, undefined]],
    ["of another family", [carrier({ toolSignatures: [["a", "SIG"]] })], gemini, [placeholder, undefined]],
    ["Gemini 2.5 demands none", [], { ...gemini, model: "gemini-2.5-flash" }, [undefined, undefined]],
    ["after a refusal", [signed("a")], { ...gemini, withoutOpaqueReasoning: true }, [placeholder, undefined]],
  ])("%s", (_, blocks, target, expected) => {
    expect(ofCalls(blocks, target)).toEqual(expected);
  });

  test("[6.2:gemini-text] one that came on text goes back on the message", () => {
    expect(returned(said(signed("")), gemini)).toEqual({ extra_content: extra });
  });
});

describe("[6.2:minimax] MiniMax", () => {
  const details = [{ type: "reasoning.text", text: "T", id: "1" }];
  const own = { family: "minimax", model: "MiniMax-M2" } as const;

  test.each<[string, object, object, object[]]>([
    ["details as received", on, { reasoning_details: details }, called(thought({ ...own, details }))],
    ["thinking by default", {}, { reasoning_details: details }, called(thought({ ...own, details }))],
    ["text only", on, { reasoning_details: [{ type: "reasoning.text", text: "T" }] }, called(claude)],
    ["nothing known", on, {}, called()],
  ])("%s", (_, fields, expected, conversation) => {
    expect(returned(conversation, minimax, fields)).toEqual(expected);
  });
});

describe("[6.4] after the upstream refused the reasoning", () => {
  const withoutOpaqueReasoning = true;

  test.each<[string, Target, object, object[]]>([
    ["opaque parts are gone", opus, {}, called(claude)],
    ["text stays", kimi, { reasoning_content: "T" }, called(thought({}))],
    [
      "what is missing is filled in",
      { profile: "glm", model: "glm-4.6" },
      { reasoning_content: "" },
      called(),
    ],
    ["DeepSeek: a space", deepseek, { reasoning_content: " " }, said()],
    [
      "DeepSeek: nothing for the space",
      { ...deepseek, emptyReasoningAs: "" },
      { reasoning_content: "" },
      said(),
    ],
    ["nothing where nothing is known of it", { ...vllm, model: "m", emptyReasoningAs: "" }, {}, said()],
    [
      "Kimi behind OpenRouter",
      { profile: "openrouter", model: "moonshotai/kimi-k2.6" },
      { reasoning: " " },
      called(),
    ],
    [
      "MiniMax: text only",
      minimax,
      { reasoning_details: [{ type: "reasoning.text", text: "T" }] },
      called(thought({ family: "minimax", model: "MiniMax-M2", details: [{ data: "x" }] })),
    ],
  ])("%s", (_, target, expected, conversation) => {
    expect(returned(conversation, { ...target, withoutOpaqueReasoning }, {})).toEqual(expected);
  });
});

describe("[1.1:context_management] older thinking", () => {
  const thoughts = [
    { ...unsigned, thinking: "1" },
    carrier({ hiddenText: "2" }),
    { type: "text", text: "no thought" },
    { ...unsigned, thinking: "3" },
  ];
  const conversation = thoughts.flatMap((block) => [
    user,
    { role: "assistant", content: [block, { type: "text", text: "B" }] },
  ]);
  const known = (edit: object) => {
    const context_management = { edits: [edit] };
    const asked = build({ ...on, context_management, messages: [...conversation, user] }, kimi);
    return asked.messages.flatMap((message) =>
      message.role === "assistant" ? [message.reasoning_content] : [],
    );
  };

  test.each([
    [{ type: "clear_thinking_20251015", keep: "all" }, ["1", "2", undefined, "3"]],
    [{ type: "clear_thinking_20251015" }, ["1", "2", undefined, "3"]],
    [{ type: "clear_thinking_20251015", keep: 1 }, [undefined, undefined, undefined, "3"]],
    [
      { type: "clear_thinking_20251015", keep: { type: "thinking_turns", value: 2 } },
      [undefined, "2", undefined, "3"],
    ],
    [{ type: "clear_tool_uses_20250919", keep: 1 }, ["1", "2", undefined, "3"]],
  ])("%j", (edit, expected) => {
    expect(known(edit)).toEqual(expected);
  });
});

describe("[F3] what the signatures of one request hold is bounded", () => {
  const usedUp = "opaque reasoning was left out: the signatures hold too much";
  const own = { family: "or-anthropic", model: "anthropic/claude-opus-4.6" } as const;

  /** How many details go back, of a turn with these blocks, and what is noted. */
  function read(...blocks: object[]): [number, readonly string[]] {
    const { chatRequest, repairs } = plan({ ...on, messages: said(...blocks) }, opus);
    const message = chatRequest.messages[1];
    const details = message?.role === "assistant" ? message.reasoning_details : [];
    return [details?.length ?? 0, repairs];
  }

  /** Inflates to nearly a mebibyte. */
  function bomb(id: number): object {
    return carrier({
      ...own,
      details: [{ type: "reasoning.encrypted", id: `${id}`, data: "x".repeat(1_048_000) }],
    });
  }

  test("a thousand that inflate to a mebibyte each: 32 are read", () => {
    expect(read(...Array.from({ length: 1000 }, (_, id) => bomb(id)))).toEqual([32, [usedUp]]);
  });

  test("those that would inflate to more than a mebibyte count as one", () => {
    const details = [{ type: "reasoning.encrypted", id: "a", data: "x".repeat(2_000_000) }];
    const tooLarge = Array.from({ length: 100 }, () => carrier({ ...own, details }));
    expect(read(bomb(1), ...tooLarge, bomb(2))).toEqual([1, [usedUp]]);
  });

  test("broken ones take nothing from the others", () => {
    const broken = Array.from({ length: 100 }, () => ({ ...claude, signature: "ccp1.broken" }));
    expect(read(...broken, bomb(1))).toEqual([1, []]);
  });

  test("a text that is written out in a thousand details", () => {
    const text = "x".repeat(200_000);
    const details = Array.from({ length: 1000 }, (_, id) => ({ type: "reasoning.text", id, text }));
    const one = thought({ ...own, visibleText: text, details: details.slice(0, 1) });
    expect(read(one, thought({ ...own, visibleText: text, details }))).toEqual([1, [usedUp]]);
  });

  test("texts that are written out count together, up to the last byte", () => {
    const text = "x".repeat(200_000);
    const details = Array.from({ length: 10 }, (_, id) => ({ type: "reasoning.text", id, text }));
    const block = thought({ ...own, visibleText: text, details });
    const profile = selectProfile({
      setting: "openrouter",
      baseUrl: "https://upstream.test/v1",
      model: own.model,
    });
    const readTwice = (bytes: number) => {
      const envelopes = { bytes };
      const notes = createRequestNotes();
      const read = readReasoning([block, block], { profile, model: own.model, envelopes, notes });
      return { details: read.details?.length, leftBytes: envelopes.bytes };
    };
    const { details: all, leftBytes } = readTwice(32 * 1024 * 1024);
    const neededBytes = 32 * 1024 * 1024 - leftBytes;
    expect(all).toBe(20);
    expect(readTwice(neededBytes)).toEqual({ details: 20, leftBytes: 0 });
    expect(readTwice(neededBytes - 1)).toEqual({ details: 10, leftBytes: 0 });
  });
});
