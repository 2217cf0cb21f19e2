import fc from "fast-check";
import {
  type CaseConditions,
  fileTiers,
  type RouteRule,
  requestKinds,
  type Target,
} from "../../src/config/file-config.ts";
import type { RequestFacts } from "../../src/routing/request-facts.ts";
import { factsOfModel } from "./facts-of-model.ts";

/** Ids, and patterns of them, from a few parts, so that they often meet. */
const arbitraryId = fc
  .array(fc.constantFrom("claude", "opus", "sonnet", "haiku", "-", "5", "one/", "two/", "X"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const arbitraryPattern = fc
  .array(fc.constantFrom("*", "claude", "opus", "-", "5", "one/", "x", "*"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(""));

const flag = fc.boolean();

/** Facts that agree with each other, as those of a request do. */
export const arbitraryFacts: fc.Arbitrary<RequestFacts> = fc
  .record({
    model: arbitraryId,
    kind: fc.constantFrom(...requestKinds),
    agentType: fc.option(fc.constantFrom("Explore", "Plan")),
    isAgent: flag,
    images: flag,
    pdf: flag,
    thinking: flag,
    tools: flag,
    tokens: fc.constantFrom(0, 10, 1000, 50_000),
    client: fc.option(fc.constantFrom("ci", "web")),
  })
  .map(({ model, agentType, isAgent: mayBeAgent, tokens, client, ...others }) => {
    const isAgent = mayBeAgent || others.kind === "subagent";
    const agent = { isAgent, type: isAgent ? agentType : null };
    return { ...factsOfModel(model, client), ...others, agent, tokens: () => tokens };
  });

const arbitraryCondition: fc.Arbitrary<CaseConditions> = fc.oneof(
  fc.record({ model: arbitraryPattern }),
  fc.record({ tier: fc.constantFrom(...fileTiers) }),
  fc.record({ kind: fc.uniqueArray(fc.constantFrom(...requestKinds), { minLength: 1 }) }),
  fc.record({ agent: fc.constantFrom(true, false, "explore", "Plan") }),
  fc.record({ images: flag }),
  fc.record({ pdf: flag }),
  fc.record({ thinking: flag }),
  fc.record({ tools: flag }),
  fc.record({ tokens: fc.constantFrom(1, 10, 1000, 50_000) }),
  fc.record({ client: fc.constantFrom("ci", "web") }),
);

/** Few conditions at a time: a case with all ten matches nothing. */
export const arbitraryConditions: fc.Arbitrary<CaseConditions> = fc
  .array(arbitraryCondition, { maxLength: 3 })
  .map((conditions) => Object.assign({}, ...conditions));

const arbitraryTarget: fc.Arbitrary<Target> = fc.record({
  upstream: fc.constantFrom("one", "two"),
  model: fc.constantFrom("*", "fast", "long/id", "vendor/*", "m"),
});

export const arbitraryTargets = fc.array(arbitraryTarget, { minLength: 1, maxLength: 3 });

/** The lines of `routes`, each asked for once. */
export const arbitraryRoutes: fc.Arbitrary<RouteRule[]> = fc
  .uniqueArray(
    fc.record({
      asked: fc.oneof(arbitraryId, arbitraryPattern, fc.constantFrom(...fileTiers, "default")),
      targets: arbitraryTargets,
    }),
    { selector: ({ asked }) => asked, maxLength: 6 },
  )
  .map((routes) => routes.map((route, index) => ({ ...route, line: index + 1 })));
