import { describe, expect, test } from "bun:test";
import type { ReasoningItem } from "../../../../src/protocols/responses/responses-request.ts";
import { type EnvelopeContent, encodeEnvelope } from "../../../../src/translate/reasoning/encode-envelope.ts";
import { input, optionsOf, type Target } from "./build.ts";

const sol: Target = { profile: "openai", model: "gpt-5.6-sol" };
const azure: Target = { ...sol, baseUrl: "https://team.openai.azure.com/openai/v1" };
const project: Target = { ...sol, baseUrl: "https://team.services.ai.azure.com/openai/v1" };
const grok: Target = { profile: "xai", model: "grok-4.5" };
const vllm: Target = { profile: "vllm", model: "Qwen/Qwen3.5-27B" };
const llamacpp: Target = { profile: "llamacpp", model: "qwen3.5" };
const deepseek: Target = { profile: "deepseek", model: "deepseek-v4-pro" };
const ollama: Target = { profile: "ollama", model: "qwen3.5" };
const openrouter: Target = { profile: "openrouter", model: "openai/gpt-5.6" };
const user = { role: "user", content: "hi" };
const on = { thinking: { type: "adaptive" } };
const off = { thinking: { type: "disabled" } };
const text = { type: "text", text: "B" };

/** Reasoning as an answer of this target is signed; shows "T" unless told otherwise. */
function thought(target: Target, blob: string | null, content: Partial<EnvelopeContent> = {}): object {
  const { model, profile } = optionsOf(target);
  const visibleText = content.visibleText ?? "T";
  const details =
    blob === null ? undefined : [{ type: "reasoning", id: `rs_${blob}`, encrypted_content: blob }];
  const { envelopeFamily: family } = profile.traits.reasoning;
  const signature = encodeEnvelope({ family, model, visibleText, details, ...content });
  return visibleText === ""
    ? { type: "redacted_thinking", data: signature }
    : { type: "thinking", thinking: visibleText, signature };
}

function use(id: string): object {
  return { type: "tool_use", id, name: "T", input: {} };
}

/** What goes back of one assistant turn: reasoning items whole, of others only the type. */
function returned(content: object[], target: Target, fields: object = on): unknown[] {
  const ids = content.flatMap((block) => ("id" in block ? [block.id] : []));
  const results = ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: "R" }));
  const messages = [user, { role: "assistant", content }, { role: "user", content: [...results, text] }];
  return input(messages, target, fields)
    .slice(1)
    .filter((item) => item.type !== "function_call_output")
    .slice(0, -1)
    .map((item) => (item.type === "reasoning" ? item : item.type));
}

const blobOf = (encrypted_content: string): ReasoningItem => ({
  type: "reasoning",
  summary: [],
  encrypted_content,
});
const plain = (words: string): ReasoningItem => ({
  type: "reasoning",
  summary: [],
  content: [{ type: "reasoning_text", text: words }],
});

describe("encrypted reasoning", () => {
  test.each([
    ["OpenAI", sol],
    ["Azure", azure],
    ["xAI", grok],
  ])(
    "[22.4:encrypted 22.4:summary 22.3:none] goes back to %s, whether thinking is on or off",
    (_, target) => {
      for (const fields of [on, off, {}]) {
        expect(returned([thought(target, "E"), text], target, fields)).toEqual([blobOf("E"), "message"]);
      }
      expect(returned([thought(target, null), text], target)).toEqual(["message"]);
    },
  );

  test("[22.3:ids] has its id where one is demanded, and stays out without one", () => {
    const withId = { type: "reasoning", id: "rs_E", summary: [], encrypted_content: "E" };
    expect(returned([thought(project, "E"), text], project)).toEqual([withId, "message"]);
    expect(returned([thought(sol, "E"), text], { ...sol, withReasoningIds: true })).toEqual([
      withId,
      "message",
    ]);
    const nameless = { details: [{ type: "reasoning", encrypted_content: "E" }] };
    expect(returned([thought(project, null, nameless), text], project)).toEqual(["message"]);
  });

  test("[22.4:place] stands in its place", () => {
    const blocks = [
      thought(sol, "1"),
      text,
      thought(sol, "2", { visibleText: "" }),
      use("a"),
      thought(sol, "3"),
      use("b"),
    ];
    expect(returned(blocks, sol)).toEqual([
      blobOf("1"),
      "message",
      blobOf("2"),
      "function_call",
      blobOf("3"),
      "function_call",
    ]);
  });

  test("[22.4:moved] at the end goes before the last run", () => {
    const late = thought(sol, "Q", { visibleText: "" });
    expect(returned([thought(sol, null), text, late], sol)).toEqual([blobOf("Q"), "message"]);
    expect(returned([thought(sol, "1"), text, use("a"), late, thought(sol, "2")], sol)).toEqual([
      blobOf("1"),
      blobOf("Q"),
      blobOf("2"),
      "message",
      "function_call",
    ]);
  });

  test("[22.4:once] is sent once", () => {
    const blocks = [thought(sol, "1"), text, thought(sol, "1"), use("a")];
    expect(returned(blocks, sol)).toEqual([blobOf("1"), "message", "function_call"]);
    const messages = [user, { role: "assistant", content: blocks.slice(0, 2) }, user];
    const items = input([...messages, ...messages.slice(1)], sol);
    expect(items.filter(({ type }) => type === "reasoning")).toEqual([blobOf("1")]);
  });

  test.each<[string, string, boolean]>([
    ["gpt-5.6-luna", "gpt-5.6-sol", true],
    ["gpt-5.5", "gpt-5.6-sol", false],
    ["o4-mini", "o4", true],
    ["gpt-5-codex", "gpt-5", true],
    ["my-deployment", "gpt-5", false],
  ])("[22.4:generation] of %s to %s", (from, model, goes) => {
    const made = thought({ ...sol, model: from }, "E");
    expect(returned([made, text], { ...sol, model }).slice(0, -1)).toEqual(goes ? [blobOf("E")] : []);
  });

  test.each<[string, object]>([
    ["of Azure", thought(azure, "E")],
    ["of Claude", { type: "thinking", thinking: "T", signature: "EqQB1234" }],
    ["redacted by Claude", { type: "redacted_thinking", data: "EqQB1234" }],
    ["unsigned", { type: "thinking", thinking: "T", signature: "" }],
    ["edited", { ...thought(sol, "E"), thinking: "edited" }],
    [
      "of Chat Completions",
      thought(sol, null, { family: "or-openai", details: [{ type: "reasoning.encrypted", data: "E" }] }),
    ],
    [
      "of another form",
      thought(sol, null, {
        details: [7, null, { type: "reasoning" }, { type: "reasoning", encrypted_content: 7 }],
      }),
    ],
  ])("[22.4:foreign] %s leaves nothing in its place", (_, block) => {
    expect(returned([block, text], sol)).toEqual(["message"]);
  });

  test("[22.4:newest] only that since the user's last text, where the upstream asks for it", () => {
    const round = (id: string) => [
      { role: "assistant", content: [thought(sol, id), use(id)] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "R" }] },
    ];
    const messages = [
      user,
      ...round("1"),
      { role: "assistant", content: "B" },
      user,
      ...round("2"),
      ...round("3"),
    ];
    const blobs = (target: Target) =>
      input(messages, target, on).flatMap((item) =>
        item.type === "reasoning" ? [item.encrypted_content] : [],
      );
    expect(blobs(sol)).toEqual(["1", "2", "3"]);
    expect(blobs({ ...sol, newestReasoningOnly: true })).toEqual(["2", "3"]);
  });

  test("[22.4:refused] stays out after a refusal", () => {
    expect(returned([thought(sol, "E"), text], { ...sol, withoutOpaqueReasoning: true })).toEqual([
      "message",
    ]);
  });

  test("[22.4:encrypted] OpenRouter gets the members that it sent", () => {
    const item = { type: "reasoning", id: "rs_1", encrypted_content: "E", format: "f", signature: "s" };
    expect(returned([thought(openrouter, null, { details: [item] }), text], openrouter)).toEqual([
      { ...item, summary: [] },
      "message",
    ]);
    expect(returned([thought(openrouter, null), text], openrouter)).toEqual(["message"]);
  });
});

describe("plain reasoning", () => {
  const claude = { type: "thinking", thinking: "T", signature: "EqQB1234" };
  const hidden = (target: Target) => thought(target, null, { visibleText: "", hiddenText: "H" });
  test.each<[string, Target, object, object[], unknown[]]>([
    ["[22.4:text] vLLM", vllm, on, [thought(vllm, null), text], [plain("T"), "message"]],
    ["[22.4:text] vLLM, of another", vllm, on, [claude, text], [plain("T"), "message"]],
    ["[22.4:text] vLLM, not shown", vllm, on, [hidden(vllm), text], [plain("H"), "message"]],
    ["[22.4:text] vLLM, off", vllm, off, [thought(vllm, null), text], ["message"]],
    ["[22.4:text] llama.cpp", llamacpp, {}, [thought(llamacpp, null), text], [plain("T"), "message"]],
    [
      "[22.4:text] llama.cpp, empty",
      llamacpp,
      on,
      [thought(llamacpp, null, { visibleText: "" }), text],
      ["message"],
    ],
    [
      "[22.4:place] in several blocks",
      vllm,
      on,
      [claude, text, { ...claude, thinking: "U" }, use("a")],
      [plain("T"), "message", plain("U"), "function_call"],
    ],
    ["[22.4:stand-in] DeepSeek, known", deepseek, on, [claude, text], [plain("T"), "message"]],
    [
      "[22.4:stand-in] DeepSeek, unknown",
      deepseek,
      on,
      [text, use("a")],
      [plain(" "), "message", "function_call"],
    ],
    ["[22.4:stand-in] DeepSeek, by default", deepseek, {}, [text], [plain(" "), "message"]],
    ["[22.4:stand-in] DeepSeek, off", deepseek, off, [claude, text], ["message"]],
    [
      "[22.4:stand-in] DeepSeek, refused",
      { ...deepseek, emptyReasoningAs: "" },
      on,
      [text],
      [plain(""), "message"],
    ],
    [
      "[22.1:adjacent] DeepSeek, between calls",
      deepseek,
      on,
      [claude, use("a"), { ...claude, thinking: "U" }, use("b")],
      [plain("T"), plain("U"), "function_call", "function_call"],
    ],
    ["[22.4:ollama] Ollama", ollama, on, [claude, text], [blobOf("T"), "message"]],
    ["[22.4:ollama] Ollama, off", ollama, off, [claude, text], ["message"]],
    ["[22.4:refused] Ollama", { ...ollama, withoutOpaqueReasoning: true }, on, [claude, text], ["message"]],
    [
      "[22.4:refused] text takes the place of a blob",
      { ...vllm, withoutOpaqueReasoning: true },
      on,
      [thought(vllm, "E", { family: "rs-other" }), text],
      [plain("T"), "message"],
    ],
    [
      "[22.4:text] thinking unset, and a history of this upstream",
      { profile: "generic" },
      {},
      [thought({}, null), text],
      [plain("T"), "message"],
    ],
    [
      "[22.4:text] thinking unset, and a history of another",
      { profile: "generic" },
      {},
      [claude, text],
      ["message"],
    ],
  ])("%s", (_, target, fields, blocks, expected) => {
    expect(returned(blocks, target, fields)).toEqual(expected);
  });
});
