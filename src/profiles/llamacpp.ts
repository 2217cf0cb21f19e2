import { localServer, rereadsReasoningContent } from "./local-server.ts";
import type { ProfileFamily } from "./profile-family.ts";

/** llama.cpp's own server. Source: llama.cpp tools/server and common/chat.cpp. */
export const llamacppFamily: ProfileFamily = {
  hosts: [],
  usualPort: 8080,
  basis: localServer,
  overrides: {
    traits: { tools: { schemaCleaning: "llamacpp" }, answer: { loneThinkTag: false } },
    chat: {
      tools: { parallelCalls: "always" },
      toolChoice: { tool: "only-tool" },
      messages: { prefill: "effort-none" },
      // It knows by the template whether the model thinks, and no template refuses reasoning that it does not print.
      reasoning: { onByDefault: true, returnedAs: "content-with-tools" },
    },
    responses: {
      // It reads no `text.format`.
      request: { structuredOutput: "prompt" },
      tools: { parallelCalls: "always" },
      toolChoice: { tool: "only-tool" },
      reasoning: { onByDefault: true },
    },
  },
  rules: [rereadsReasoningContent],
};
