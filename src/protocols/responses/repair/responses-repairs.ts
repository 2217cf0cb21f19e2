import { lowersOutput } from "../../../translate/refusals/shared-repair.ts";
import type { RepairRules } from "../../protocol.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import { applyRepair } from "./apply-repair.ts";
import { withoutReasoning } from "./find-reasoning-fault.ts";
import { findRepair } from "./find-repair.ts";
import { addTraits, refusedTrait } from "./list-traits.ts";
import { parseRepair } from "./parse-repair.ts";
import { describeRepair, type ResponsesRepair, recoveryOf, repairKey } from "./repair.ts";

/** What the Responses API refuses, and what is done about it. */
export const responsesRepairs: RepairRules<ResponsesRequest, ResponsesRepair> = {
  find: findRepair,
  // Rule 25.4 B: reasoning whose ids are not known has to stay away.
  nextAfter: ({ kind }, sent, { responses }) =>
    kind === "with-reasoning-ids" ? withoutReasoning(sent, responses.reasoning) : null,
  apply: applyRepair,
  suitPlan: (plan, _built, sent) => ({ ...plan, maxTokens: sent.max_output_tokens ?? null }),
  recoveryOf,
  lowersOutput,
  describe: describeRepair,
  parse: parseRepair,
  key: repairKey,
  refusedTrait,
  addTraits,
};
