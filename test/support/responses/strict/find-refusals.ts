import { isObject } from "../../strict/json.ts";
import { findInputFaults } from "./input-faults.ts";
import { findModelFaults } from "./model-faults.ts";
import { type ResponsesFamily, responsesRules } from "./responses-families.ts";
import { invalidType, type ResponsesRefusal } from "./responses-refusal.ts";
import { findToolFaults } from "./responses-tool-faults.ts";
import { findTopLevelFaults } from "./top-level-faults.ts";
import { findTurnFaults } from "./turn-faults.ts";

/**
 * Everything for which a real server of this family would refuse the responses request, or silently do something else
 * than was meant. An empty list for a request that is in order.
 */
export function findRefusals(request: unknown, family: ResponsesFamily): ResponsesRefusal[] {
  if (!isObject(request)) return [invalidType("body", "a JSON object")];
  const rules = responsesRules[family];
  return [
    ...findTopLevelFaults(request, rules),
    ...findModelFaults(request, rules),
    ...findToolFaults(request, rules),
    ...findInputFaults(request, rules),
    ...findTurnFaults(request, rules),
  ];
}
