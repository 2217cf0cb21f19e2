import { expect, test } from "bun:test";
import fc from "fast-check";
import { findSwallowedCases } from "../../../src/config/file/find-swallowed-cases.ts";
import { type CaseConditions, type CaseRule, requestKinds } from "../../../src/config/file-config.ts";
import { compileCase } from "../../../src/routing/match-case.ts";
import { arbitraryConditions, arbitraryFacts } from "../../routing/arbitrary-rules.ts";

const casesOf = (...conditions: CaseConditions[]): CaseRule[] =>
  conditions.map((when, index) => ({ when, targets: [{ upstream: "a", model: "m" }], line: index + 1 }));

const linesOf = (...conditions: CaseConditions[]) =>
  findSwallowedCases(casesOf(...conditions)).map(({ case: rule, by }) => [rule.line, by.line]);

test.each<[string, CaseConditions, CaseConditions]>([
  ["no condition", {}, { images: true }],
  ["the same", { images: true }, { images: true }],
  ["one condition less", { images: true }, { images: true, tools: true }],
  ["a wider pattern", { model: "claude-*" }, { model: "Claude-*-5" }],
  ["a pattern of an id", { model: "*sonnet*" }, { model: "claude-sonnet-5" }],
  ["every id", { model: "*" }, { tier: "opus" }],
  ["more kinds", { kind: ["title", "hook"] }, { kind: ["hook"] }],
  ["all kinds", { kind: requestKinds }, { pdf: true }],
  ["fewer tokens", { tokens: 1000 }, { tokens: 50_000 }],
  ["no token", { tokens: 0 }, {}],
  ["any agent", { agent: true }, { agent: "Explore" }],
  ["any agent, by its kind", { agent: true }, { kind: ["subagent"] }],
  ["the same agent", { agent: "explore" }, { agent: "Explore" }],
])("finds a case that is swallowed: %s", (_name, earlier, later) => {
  expect(linesOf(earlier, later)).toEqual([[2, 1]]);
});

test.each<[string, CaseConditions, CaseConditions]>([
  ["another value", { images: true }, { images: false }],
  ["one condition more", { images: true, tools: true }, { images: true }],
  ["a narrower pattern", { model: "claude-*-5" }, { model: "claude-*" }],
  ["fewer kinds", { kind: ["hook"] }, { kind: ["title", "hook"] }],
  ["more tokens", { tokens: 50_000 }, { tokens: 1000 }],
  ["tokens of any number", { tokens: 1 }, {}],
  ["an agent of one type", { agent: "Explore" }, { agent: true }],
  ["no agent", { agent: false }, { kind: ["main"] }],
  ["a client", { client: "ci" }, { client: "web" }],
])("leaves a case that may match: %s", (_name, earlier, later) => {
  expect(linesOf(earlier, later)).toEqual([]);
});

test("names the first case that swallows", () => {
  expect(linesOf({ pdf: true }, { images: true }, {}, { images: true })).toEqual([[4, 2]]);
});

test("a case that is found never matches first", () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(arbitraryConditions, { maxLength: 6 }), fc.array(arbitraryFacts), (whens, all) => {
      for (const { case: rule, by } of findSwallowedCases(casesOf(...whens))) {
        found += 1;
        const matches = ({ when }: CaseRule, facts: (typeof all)[number]) =>
          compileCase(when)(facts, facts.tier) === null;
        for (const facts of all) expect(matches(rule, facts) && !matches(by, facts)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(50);
});
