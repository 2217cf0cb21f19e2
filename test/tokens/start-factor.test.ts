import { expect, test } from "bun:test";
import { applyFactor, startFactor } from "../../src/tokens/start-factor.ts";

test.each([
  ["gpt-5.4", 1],
  ["openai/gpt-4o", 1],
  ["openai/o3-mini", 1],
  ["o1", 1],
  ["gpt-oss:20b", 1],
  ["chatgpt-4o-latest", 1],
  ["claude-3-5-haiku-20241022", 1.15],
  ["anthropic/claude-3.7-sonnet", 1.15],
  ["claude-sonnet-4-20250514", 1.15],
  ["claude-opus-4-6", 1.15],
  ["anthropic/claude-opus-4.6", 1.15],
  ["claude-opus-4-7", 1.45],
  ["anthropic/claude-sonnet-4.8", 1.45],
  ["claude-opus-4-10-20260901", 1.45],
  ["claude-sonnet-5", 1.45],
  ["claude-opus-5-5", 1.45],
  ["claude-fable-5-2", 1.45],
  ["google/gemini-3-pro", 1.05],
  ["deepseek-chat", 1.1],
  ["Qwen/Qwen3-Coder", 1.1],
  ["z-ai/glm-5.2", 1.1],
  ["moonshotai/kimi-k3", 1.1],
  ["llama3.3", 1.1],
  ["mistral-large-4", 1.1],
  ["pogo1-gptq", 1.1],
  ["", 1.1],
])("[7:factor] the factor of %s starts at %d", (model, factor) => {
  expect(startFactor(model)).toBe(factor);
});

test.each([
  [100, 1.1, 110],
  [101, 1.1, 112],
  [10, 1.15, 12],
  [0, 1.45, 0],
  [7, 1, 7],
])("[7:factor] %d tokens by %d are %d", (tokens, factor, expected) => {
  expect(applyFactor(tokens, factor)).toBe(expected);
});
