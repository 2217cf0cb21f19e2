import { localServer } from "./local-server.ts";
import type { ProfileFamily } from "./profile-family.ts";

/** LM Studio. Source: lmstudio-bug-tracker 261, 670, 2322. */
export const lmstudioFamily: ProfileFamily = {
  hosts: [],
  loopbackPort: 1234,
  basis: localServer,
  overrides: {
    traits: {
      // Its engine is llama.cpp.
      tools: { schemaCleaning: "llamacpp" },
      answer: { emptyAnswerMayBeOverflow: true },
    },
    chat: { toolChoice: { tool: "only-tool" }, messages: { contentOfToolCallMessage: "" } },
    responses: { request: { topK: false }, toolChoice: { tool: "only-tool" } },
  },
};
