import { localServer, modelsThatRereadReasoning } from "./local-server.ts";
import type { ProfileFamily } from "./profile-family.ts";

/** Ollama, on the user's machine and in its cloud. Source: ollama openai/openai.go. */
export const ollamaFamily: ProfileFamily = {
  hosts: ["ollama.com"],
  loopbackPort: 11434,
  basis: localServer,
  overrides: {
    traits: { messages: { images: "base64-jpeg-png-webp" }, answer: { pullCommand: "ollama pull" } },
    chat: { tools: { strict: "never" }, toolChoice: { isIgnored: true } },
    responses: {
      request: { topK: false },
      toolChoice: { isIgnored: true },
      messages: { assistantText: "string" },
      reasoning: { returnedAs: "text-as-encrypted" },
    },
  },
  rules: [
    {
      models: modelsThatRereadReasoning,
      overrides: {
        chat: { reasoning: { onByDefault: true, returnedAs: "reasoning-in-loop" } },
        responses: { reasoning: { onByDefault: true } },
      },
    },
  ],
};
