import { expect, test } from "bun:test";
import fc from "fast-check";
import { profileIds } from "../../../../src/profiles/profile-ids.ts";
import { findViolations } from "../../../support/strict-rules.ts";
import { history } from "./arbitrary-history.ts";
import { plan } from "./build.ts";

const models: Partial<Record<(typeof profileIds)[number], string>> = {
  openai: "gpt-5.2",
  openrouter: "anthropic/claude-opus-4.6",
  deepseek: "deepseek-v4",
  kimi: "kimi-k2.6",
  glm: "glm-5",
  qwen: "qwen3.6-plus",
  minimax: "MiniMax-M3",
  gemini: "gemini-3-pro-preview",
};

const request = fc.record({
  thinking: fc.constantFrom(null, { type: "disabled" }, { type: "adaptive" }),
  stream: fc.boolean(),
  stop_sequences: fc.constantFrom([], ["a"], ["1", "2", "3", "4", "5"]),
  temperature: fc.constantFrom(null, 0, 1),
  top_k: fc.constantFrom(null, 40),
  tool_choice: fc.constantFrom(null, { type: "any" }, { type: "tool", name: "Read" }, { type: "none" }),
  system: fc.constantFrom("", "S", [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }]),
});

const tools = ["Read", "mcp__a.b", "3d"].map((name) => ({
  name,
  input_schema: { $schema: "x", type: "object", properties: { p: { type: "string" } } },
}));

test.each(profileIds)("[2.4] whatever the history, a strict %s has nothing to refuse", (profile) => {
  fc.assert(
    fc.property(request, history, (fields, earlier) => {
      const messages = [...earlier, { role: "user", content: "now" }];
      const { chatRequest } = plan(
        { ...fields, tools, messages },
        { profile, model: models[profile] ?? "m" },
      );
      expect(findViolations(JSON.parse(JSON.stringify(chatRequest)), profile)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
