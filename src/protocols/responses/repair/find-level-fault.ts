import { beginsList } from "../../../translate/refusals/find-thinking-fault.ts";
import type { Refusal } from "../../../translate/refusals/refusal.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import type { ResponsesRepair } from "./repair.ts";

/** All levels, from low to high. */
const levels: readonly string[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/**
 * Rule 25.4 D: the repair for a level of thinking that is refused beside a list of others: the next higher one of the
 * list, else its highest. Null without a list.
 */
export function findLevelFault({ text, facts }: Refusal, sent: ResponsesRequest): ResponsesRepair | null {
  const level = sent.reasoning?.effort;
  if (level === undefined || !/\beffort\b|reasoning_?effort/.test(`${text} ${facts.field ?? ""}`))
    return null;
  const start = beginsList.exec(text);
  if (start === null) return null;
  const listed = new Set(text.slice(start.index).match(/\w+/g) ?? []);
  if (listed.has(level)) return null;
  const known = levels.filter((one) => listed.has(one));
  const as = known.find((one) => levels.indexOf(one) > levels.indexOf(level)) ?? known.at(-1);
  return as === undefined ? null : { kind: "other-thinking-level", level, as, scope: "model" };
}
