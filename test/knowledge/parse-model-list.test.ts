import { expect, test } from "bun:test";
import { noFacts } from "../../src/knowledge/facts.ts";
import {
  parseLlamacppProps,
  parseOllamaLoaded,
  parseOllamaModel,
  parseOllamaTags,
} from "../../src/knowledge/parse-local-server.ts";
import { parseModelList } from "../../src/knowledge/parse-model-list.ts";

const factsOf = (entry: object) =>
  parseModelList({ object: "list", data: [entry] })
    ?.values()
    .next().value;

test("OpenRouter", () => {
  const entry = {
    id: "z-ai/glm-5.3",
    canonical_slug: "z-ai/glm-5.3",
    name: "Z.AI: GLM 5.3",
    created: 1759235576,
    context_length: 204800,
    architecture: { modality: "text->text", input_modalities: ["text", "image", "file"], tokenizer: "Other" },
    pricing: {
      prompt: "0.0000006",
      completion: "0.0000022",
      request: "0",
      input_cache_read: "0.00000011",
      input_cache_write: "0",
    },
    top_provider: { context_length: 202752, max_completion_tokens: 131072, is_moderated: false },
    supported_parameters: ["max_tokens", "reasoning", "tools", "tool_choice"],
  };
  expect(factsOf(entry)).toEqual({
    window: 204800,
    maxOutput: 131072,
    images: true,
    pdf: true,
    tools: true,
    reasoning: true,
    price: { input: 0.6, output: 2.2, cacheRead: 0.11, cacheWrite: 0 },
    name: "Z.AI: GLM 5.3",
  });
  const plain = {
    id: "a/b",
    context_length: null,
    architecture: { input_modalities: ["text"] },
    // The router's own models have no price.
    pricing: { prompt: "-1", completion: "-1" },
    top_provider: { context_length: 8192, max_completion_tokens: null },
    supported_parameters: ["temperature"],
  };
  expect(factsOf(plain)).toEqual({ ...noFacts, window: 8192, images: false, tools: false, reasoning: false });
});

test.each([
  ["OpenAI", { id: "gpt-5.6", object: "model", created: 1, owned_by: "openai" }, {}],
  [
    "vLLM",
    { id: "glm", object: "model", owned_by: "vllm", root: "glm", max_model_len: 32768 },
    { window: 32768 },
  ],
  [
    "Groq",
    { id: "g", owned_by: "Groq", active: true, context_window: 131072, max_completion_tokens: 65536 },
    { window: 131072, maxOutput: 65536 },
  ],
  [
    "Mistral",
    {
      id: "m",
      name: "M",
      max_context_length: 131072,
      capabilities: { function_calling: true, vision: false, reasoning: true },
    },
    { window: 131072, images: false, tools: true, reasoning: true, name: "M" },
  ],
  [
    "Kimi",
    { id: "k", context_length: 262144, supports_image_in: true, supports_reasoning: true },
    { window: 262144, images: true, reasoning: true },
  ],
  [
    "LM Studio, loaded",
    {
      id: "qwen/qwen3-vl-4b",
      object: "model",
      type: "vlm",
      publisher: "qwen",
      arch: "qwen3_vl",
      state: "loaded",
      max_context_length: 262144,
      loaded_context_length: 8192,
      capabilities: ["tool_use"],
    },
    { window: 8192, images: true, tools: true },
  ],
  [
    "LM Studio, not loaded",
    { id: "l", type: "llm", state: "not-loaded", max_context_length: 131072, capabilities: [] },
    { window: 131072, images: false },
  ],
  [
    "Anthropic",
    {
      type: "model",
      id: "claude-opus-5",
      display_name: "Claude Opus 5",
      max_input_tokens: 1000000,
      max_tokens: 128000,
      capabilities: {
        image_input: { supported: true },
        pdf_input: { supported: false },
        thinking: { supported: true, types: { adaptive: { supported: true } } },
      },
    },
    { window: 1000000, maxOutput: 128000, images: true, pdf: false, reasoning: true, name: "Claude Opus 5" },
  ],
])("the list of %s", (_, entry, facts) => {
  expect(factsOf(entry)).toEqual({ ...noFacts, ...facts });
});

test("numbers, names and types that cannot be are not known", () => {
  const entry = {
    id: "m",
    name: `\u001b[2J${"n".repeat(500)}`,
    context_length: -1,
    max_model_len: 1e300,
    max_completion_tokens: "many",
    architecture: { input_modalities: "image" },
    pricing: { prompt: "1e300", completion: {} },
    supported_parameters: { tools: true },
    top_provider: [],
  };
  expect(factsOf(entry)).toEqual({ ...noFacts, name: `[2J${"n".repeat(97)}` });
});

test("what is no model is left out, and what is no list is none", () => {
  const data = [null, 7, {}, { id: 7 }, { id: "" }, { id: "x".repeat(301) }, { id: "a\nb" }, { id: "good" }];
  expect([...(parseModelList({ data }) ?? [])]).toEqual([["good", noFacts]]);
  for (const list of [null, [], "x", {}, { data: {} }, { models: [] }])
    expect(parseModelList(list)).toBeNull();
});

test("of an endless list the first 2000 are kept", () => {
  const data = Array.from({ length: 5_000 }, (_, index) => ({ id: `m${index}` }));
  expect(parseModelList({ data })?.size).toBe(2_000);
});

test("Ollama", () => {
  expect(
    parseOllamaTags({ models: [{ name: "qwen3:30b", model: "qwen3:30b" }, { name: "old" }, 7, {}] }),
  ).toEqual(["qwen3:30b", "old"]);
  expect(parseOllamaTags({ data: [] })).toBeNull();
  const loaded = { models: [{ model: "a", context_length: 4096 }, { model: "b" }, { context_length: 1 }] };
  expect([...parseOllamaLoaded(loaded)]).toEqual([["a", 4096]]);
  const shown = {
    parameters: 'stop                           "<|im_end|>"\nnum_ctx                        32768',
    model_info: { "general.architecture": "qwen3", "qwen3.context_length": 262144 },
    capabilities: ["completion", "tools", "thinking"],
  };
  const facts = { ...noFacts, window: 32768, images: false, tools: true, reasoning: true };
  expect(parseOllamaModel(shown)).toEqual(facts);
  expect(parseOllamaModel({ ...shown, parameters: "temperature 1" })).toEqual({ ...facts, window: 262144 });
  expect(parseOllamaModel({})).toEqual(noFacts);
  expect(parseOllamaModel([])).toBeNull();
});

test("llama.cpp", () => {
  const props = {
    default_generation_settings: { id: 0, n_ctx: 16384 },
    modalities: { vision: false, audio: false },
  };
  expect(parseLlamacppProps(props)).toEqual({ ...noFacts, window: 16384, images: false });
  expect(parseLlamacppProps({})).toEqual(noFacts);
  expect(parseLlamacppProps("")).toBeNull();
});
