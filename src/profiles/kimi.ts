import type { ProfileFamily } from "./profile-family.ts";
import { levelsLowHighMax } from "./reasoning-levels.ts";

/** Moonshot's own API. Source: platform.kimi.ai, @ai-sdk/moonshotai 3.0.60. */
export const kimiFamily: ProfileFamily = {
  hosts: ["moonshot.ai", "moonshot.cn", "kimi.com"],
  overrides: {
    traits: {
      tools: { names: "no-leading-digit", schemaCleaning: "kimi" },
      messages: { images: "base64" },
    },
    chat: {
      tools: { ids: "kimi" },
      // An empty `reasoning_content` counts as missing there.
      reasoning: { returnedAs: "content-with-tools", unknownAs: " " },
    },
  },
  rules: [
    {
      models: /kimi-(k2\.[5-9]|k[3-9])|kimi-k2-thinking/,
      overrides: {
        traits: { request: { outputCeiling: 32_768 } },
        chat: { request: { temperature: "drop", topP: "drop" }, reasoning: { onByDefault: true } },
      },
    },
    {
      models: /kimi-k2\.[56]/,
      overrides: { chat: { toolChoice: { whileThinking: "thinking-off" }, reasoning: { form: "thinking" } } },
    },
    // Without it the reasoning of older turns does not count.
    { models: /kimi-k2\.6/, overrides: { chat: { reasoning: { extra: { keep: "all" } } } } },
    {
      models: /kimi-k2-thinking|kimi-k2\.7/,
      overrides: { chat: { toolChoice: { whileThinking: "omit" }, reasoning: { canBeOff: false } } },
    },
    {
      models: /kimi-k[3-9]/,
      overrides: {
        chat: {
          toolChoice: { tool: "only-tool" },
          reasoning: { form: "effort", levels: levelsLowHighMax, canBeOff: false },
        },
      },
    },
  ],
};
