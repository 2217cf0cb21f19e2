import { alwaysThinks } from "./always-thinks.ts";
import { localServer, rereadsReasoningContent } from "./local-server.ts";
import type { ProfileFamily } from "./profile-family.ts";

/** vLLM and SGLang. Source: vllm entrypoints/openai, sglang protocol.py. */
export const vllmFamily: ProfileFamily = {
  hosts: [],
  usualPort: 8000,
  basis: localServer,
  overrides: { responses: { messages: { assistantText: "string" } } },
  rules: [
    rereadsReasoningContent,
    alwaysThinks,
    // Its parser of the harmony format lets the model choose, and answers any other choice with 501.
    { models: /gpt-oss/, overrides: { responses: { toolChoice: { any: "omit", tool: "only-tool" } } } },
  ],
};
