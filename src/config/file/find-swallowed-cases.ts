import { type CaseConditions, type CaseRule, type RequestKindName, requestKinds } from "../file-config.ts";
import { compileIdPattern } from "./id-pattern.ts";

/** A case that no request reaches, and an earlier one that takes all of its requests. */
export interface SwallowedCase {
  readonly case: CaseRule;
  readonly by: CaseRule;
}

/**
 * Finds the cases that can never match, because each of their requests matches an earlier case. All that it finds are
 * such; it compares with one earlier case at a time, so a case that only several of them take together is not found.
 */
export function findSwallowedCases(cases: readonly CaseRule[]): SwallowedCase[] {
  const found: SwallowedCase[] = [];
  for (const [index, rule] of cases.entries()) {
    const by = cases.slice(0, index).find((earlier) => swallows(earlier.when, rule.when));
    if (by !== undefined) found.push({ case: rule, by });
  }
  return found;
}

/** Whether every request that meets the later conditions meets the earlier ones too. */
function swallows(earlier: CaseConditions, later: CaseConditions): boolean {
  return (
    (earlier.model === undefined || coversModels(earlier.model, later.model)) &&
    isSame(earlier.tier, later.tier) &&
    (earlier.kind === undefined || coversKinds(earlier.kind, later.kind)) &&
    (earlier.agent === undefined || coversAgents(earlier.agent, later)) &&
    isSame(earlier.images, later.images) &&
    isSame(earlier.pdf, later.pdf) &&
    isSame(earlier.thinking, later.thinking) &&
    isSame(earlier.tools, later.tools) &&
    (earlier.tokens === undefined || Math.max(0, later.tokens ?? 0) >= earlier.tokens) &&
    isSame(earlier.client, later.client)
  );
}

function isSame(earlier: unknown, later: unknown): boolean {
  return earlier === undefined || earlier === later;
}

/** A star of the later pattern is a character that only a star of the earlier one fits. */
function coversModels(earlier: string, later: string | undefined): boolean {
  return compileIdPattern(earlier).fits(later ?? "*");
}

function coversKinds(earlier: readonly RequestKindName[], later: readonly RequestKindName[] = requestKinds) {
  return later.every((kind) => earlier.includes(kind));
}

/** A request of the kind `subagent`, and one with a type of agent, are an agent's. */
function coversAgents(earlier: boolean | string, { agent, kind }: CaseConditions): boolean {
  if (typeof earlier === "string") {
    return typeof agent === "string" && agent.toLowerCase() === earlier.toLowerCase();
  }
  if (!earlier) return agent === false;
  return (
    agent === true ||
    typeof agent === "string" ||
    (kind !== undefined && kind.length > 0 && kind.every((name) => name === "subagent"))
  );
}
