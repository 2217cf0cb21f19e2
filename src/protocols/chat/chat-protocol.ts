import { lowersOutput } from "../../translate/refusals/shared-repair.ts";
import type { Protocol } from "../protocol.ts";
import { recoveryOfRebuild } from "../recovery-of-rebuild.ts";
import { chatDecoder } from "./answer/chat-decoder.ts";
import { createChatTranslator } from "./answer/chat-translator.ts";
import { createAnswerWatch } from "./answer/no-answer.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { ChatChunk } from "./chat-response.ts";
import { listRequestParts } from "./count/list-request-parts.ts";
import { applyRepair } from "./repair/apply-repair.ts";
import { findRepair } from "./repair/find-repair.ts";
import { addTraits, refusedTrait } from "./repair/list-traits.ts";
import { parseRepair } from "./repair/parse-repair.ts";
import { type ChatRepair, describeRepair, repairKey } from "./repair/repair.ts";
import { suitPlan } from "./repair/suit-plan.ts";
import { buildChatRequest, buildInParts } from "./request/build-chat-request.ts";

/** Chat Completions. */
export const chatProtocol: Protocol<ChatRequest, ChatChunk, ChatRepair> = {
  path: "/chat/completions",
  build: buildChatRequest,
  buildInParts,
  isStreamed: ({ stream }) => stream === true,
  listParts: listRequestParts,
  decoder: chatDecoder,
  createWatch: createAnswerWatch,
  createTranslator: createChatTranslator,
  // Rule 1.1, `max_tokens: 0`.
  emptyAnswer: {
    choices: [{ index: 0, message: { content: "" }, finish_reason: "length" }],
    usage: { prompt_tokens: 0, completion_tokens: 0 },
  },
  repairs: {
    find: findRepair,
    apply: applyRepair,
    suitPlan,
    recoveryOf: recoveryOfRebuild,
    lowersOutput,
    describe: describeRepair,
    parse: parseRepair,
    key: repairKey,
    refusedTrait,
    addTraits,
  },
};
