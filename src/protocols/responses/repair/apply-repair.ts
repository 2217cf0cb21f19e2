import { freeToolChoice, limitOutput } from "../../../translate/refusals/change-request.ts";
import { isForcedChoice } from "../../../translate/refusals/forced-choice.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import { omitField } from "./omit-field.ts";
import { omitImages } from "./omit-images.ts";
import {
  hasReasoningWithoutId,
  mixesReasoning,
  omitEncrypted,
  omitInclude,
  omitItemIds,
  omitReasoning,
} from "./reasoning-items.ts";
import type { ResponsesRepair } from "./repair.ts";
import { loosenFormat, omitStrict, suitSchemas } from "./suit-schemas.ts";
import { omitThinking, replaceLevel, switchThinkingOff } from "./thinking.ts";

/**
 * The responses request with the repair applied; the same object if there is nothing to repair. The caller handles
 * what is built again, from the client's request: here a request that lacks such a repair is only another object, so
 * that one that is accepted ends the repair.
 */
export function applyRepair(sent: ResponsesRequest, repair: ResponsesRepair): ResponsesRequest {
  switch (repair.kind) {
    case "omit-field":
      return omitField(sent, repair.field);
    case "cap-output":
    case "raise-output":
      return limitOutput(sent, "max_output_tokens", repair);
    case "free-tool-choice":
      return freeToolChoice(sent, repair.as);
    case "thinking-off-for-forced-choice":
      return isForcedChoice(sent.tool_choice) ? switchThinkingOff(sent, repair.level) : sent;
    case "loosen-response-format":
      return loosenFormat(sent, repair.to);
    case "omit-thinking":
      return omitThinking(sent);
    case "omit-thinking-level":
      return replaceLevel(sent, repair.level, null);
    case "other-thinking-level":
      return replaceLevel(sent, repair.level, repair.as);
    case "omit-images":
      return omitImages(sent);
    case "plainer-schemas":
      return suitSchemas(sent, repair.rules);
    case "omit-strict":
      return omitStrict(sent, repair.of);
    case "omit-include":
      return omitInclude(sent, repair.value);
    case "instructions-into-input":
      return moveInstructions(sent);
    case "without-encrypted":
      return omitEncrypted(sent);
    case "without-item-ids":
      return omitItemIds(sent);
    case "omit-reasoning":
      return omitReasoning(sent, repair.until);
    case "with-reasoning-ids":
      return hasReasoningWithoutId(sent) ? { ...sent } : sent;
    case "newest-reasoning-only":
      return mixesReasoning(sent) ? { ...sent } : sent;
    case "rebuild-without-reasoning":
      return sent;
  }
}

function moveInstructions(sent: ResponsesRequest): ResponsesRequest {
  const { instructions, ...rest } = sent;
  if (instructions === undefined) return sent;
  return { ...rest, input: [{ type: "message", role: "system", content: instructions }, ...sent.input] };
}
