import { compileIdPattern } from "../config/file/id-pattern.ts";
import {
  type CaseRule,
  type FileConfig,
  type FileTier,
  fileTiers,
  type RouteRule,
  type Target,
} from "../config/file-config.ts";
import { compileCase } from "./match-case.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Rule } from "./selection.ts";

/** What was asked, prepared once for all rules. */
export interface Asked {
  readonly facts: RequestFacts;
  /** The target that the id names itself, as `upstream/model`; null if it names none. */
  readonly named: Target | null;
  /** Null for an id that names a target: a word in it is part of that model's name. */
  readonly tier: FileTier | null;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** Null if the rule matches, else a function that says why it does not. */
  readonly check: (asked: Asked) => (() => string) | null;
  /** Why it matched. */
  readonly reason: (asked: Asked) => string;
  /** As they stand in the file. */
  readonly targets: (asked: Asked) => readonly Target[];
}

/** The lines of `routes` by what they ask for, each list in the order in which it is tried. */
export interface SortedRoutes {
  readonly ids: readonly RouteRule[];
  readonly patterns: readonly RouteRule[];
  readonly tiers: readonly RouteRule[];
  readonly default: readonly RouteRule[];
}

export function sortRoutes(routes: readonly RouteRule[]): SortedRoutes {
  const isTier = ({ asked }: RouteRule) => fileTiers.some((tier) => tier === asked);
  const isPattern = ({ asked }: RouteRule) => asked.includes("*");
  const isDefault = ({ asked }: RouteRule) => asked === "default";
  const literalLength = ({ asked }: RouteRule) => compileIdPattern(asked).literalLength;
  return {
    ids: routes.filter((route) => !isTier(route) && !isPattern(route) && !isDefault(route)),
    // Of two that are as long, the one that comes first in the file is tried first.
    patterns: routes.filter(isPattern).sort((a, b) => literalLength(b) - literalLength(a)),
    tiers: routes.filter(isTier),
    default: routes.filter(isDefault),
  };
}

/** Compiles all rules of a file, in the order in which they are tried. */
export function compileRules(cases: readonly CaseRule[], routes: SortedRoutes): CompiledRule[] {
  const ids = new Set(routes.ids.map(({ asked }) => asked));
  return [
    ...cases.map(compileCaseRule),
    ...routes.ids.map((route) => compileId(route, ids)),
    ...routes.patterns.map(compilePattern),
    upstreamRule,
    ...routes.tiers.map(compileTier),
    ...routes.default.map(compileDefault),
  ];
}

function compileCaseRule({ when, line, targets }: CaseRule, index: number): CompiledRule {
  const match = compileCase(when);
  return {
    rule: { type: "case", number: index + 1, line },
    check: ({ facts, tier }) => match(facts, tier),
    reason: () => "all its conditions hold",
    targets: () => targets,
  };
}

/** Letters' case counts only between ids that differ in nothing else. */
function compileId({ asked, line, targets }: RouteRule, ids: ReadonlySet<string>): CompiledRule {
  const { fits } = compileIdPattern(asked);
  return {
    rule: { type: "id", asked, line },
    check: ({ facts: { model } }) =>
      model === asked || (!ids.has(model) && fits(model)) ? null : () => "another id was asked for",
    reason: () => "this id was asked for",
    targets: () => targets,
  };
}

function compilePattern({ asked, line, targets }: RouteRule): CompiledRule {
  const { fits } = compileIdPattern(asked);
  return {
    rule: { type: "pattern", asked, line },
    check: ({ facts }) => (fits(facts.model) ? null : () => "the id does not fit"),
    reason: () => "the id fits",
    targets: () => targets,
  };
}

const upstreamRule: CompiledRule = {
  rule: { type: "upstream" },
  check: ({ named }) => (named === null ? () => "the id begins with no upstream's name" : null),
  reason: ({ named }) => `the id begins with the upstream ${named?.upstream}`,
  targets: ({ named }) => (named === null ? [] : [named]),
};

function compileTier({ asked, line, targets }: RouteRule): CompiledRule {
  return {
    rule: { type: "tier", asked, line },
    check: ({ tier }) => {
      if (tier === asked) return null;
      return () => (tier === null ? "the id has no word of a tier" : `the id is of the tier ${tier}`);
    },
    reason: () => "the id is of its tier",
    targets: () => targets,
  };
}

function compileDefault({ asked, line, targets }: RouteRule): CompiledRule {
  return {
    rule: { type: "default", asked, line },
    check: () => null,
    reason: () => "nothing before it matches",
    targets: () => targets,
  };
}

/** The target that an id names itself; null if it does not begin with an upstream's name, or has nothing behind it. */
export function findNamedTarget(model: string, upstreams: FileConfig["upstreams"]): Target | null {
  const slash = model.indexOf("/");
  const upstream = model.slice(0, slash).toLowerCase();
  if (slash < 1 || slash === model.length - 1 || !upstreams.has(upstream)) return null;
  return { upstream, model: model.slice(slash + 1) };
}
