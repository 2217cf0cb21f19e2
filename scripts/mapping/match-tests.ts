import type { NamedTest } from "./list-tests.ts";
import type { Rule } from "./rule.ts";

/** Which tests carry which rule. */
export interface RuleCoverage {
  /** Every rule with its tests, in the order of the rules. */
  rows: { rule: Rule; tests: NamedTest[] }[];
  /** What is wrong, a line each; empty when every rule that is kept has a test. */
  faults: string[];
}

/**
 * Puts tests to rules. Only the exact id counts: a test of a section (`[2.4]`) says that it is about all of it and
 * stands for none of its rules.
 */
export function matchTests(rules: readonly Rule[], tests: readonly NamedTest[]): RuleCoverage {
  const byId = new Map<string, NamedTest[]>(rules.map(({ id }) => [id, []]));
  const sections = new Set([...byId.keys()].flatMap(enclosingSections));
  const faults: string[] = [];
  if (byId.size < rules.length) faults.push("two rules have the same id");
  for (const test of tests) {
    for (const id of test.ruleIds) {
      const found = byId.get(id);
      if (found !== undefined) found.push(test);
      else if (!sections.has(id)) faults.push(`${id} is no rule: ${test.file}: ${test.name}`);
    }
  }
  const rows = rules.map((rule) => ({ rule, tests: byId.get(rule.id) ?? [] }));
  for (const { rule, tests: found } of rows) {
    if (rule.leftOut !== null && rule.level !== "MAY")
      faults.push(`${rule.id} is a ${rule.level} and left out`);
    if (rule.leftOut !== null && found.length > 0) faults.push(`${rule.id} is left out and has a test`);
    if (rule.leftOut === null && found.length === 0) faults.push(`${rule.id} (${rule.level}) has no test`);
  }
  return { rows, faults };
}

/** `1.3.1:kimi` is in `1.3.1`, `1.3` and `1`. */
function enclosingSections(id: string): string[] {
  const parts = id.replace(/:.*$/, "").split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}
