import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type CaseConditions,
  type CaseRule,
  type FileConfig,
  fileTiers,
  type RouteRule,
  type Target,
} from "../../src/config/file-config.ts";
import type { RequestFacts } from "../../src/routing/request-facts.ts";
import { createTargetSelector } from "../../src/routing/select-targets.ts";
import type { RuleLook } from "../../src/routing/selection.ts";
import { arbitraryConditions, arbitraryFacts, arbitraryRoutes, arbitraryTargets } from "./arbitrary-rules.ts";
import { factsOfModel } from "./facts-of-model.ts";
import { upstreamsOf } from "./upstreams-of.ts";

const parseTarget = (text: string): Target => {
  const slash = text.indexOf("/");
  return { upstream: text.slice(0, slash), model: text.slice(slash + 1) };
};
const routesOf = (routes: Record<string, string | string[]>): RouteRule[] =>
  Object.entries(routes).map(([asked, to], index) => ({
    asked,
    targets: [to].flat().map(parseTarget),
    line: index + 1,
  }));
const casesOf = (...cases: [CaseConditions, string | string[]][]): CaseRule[] =>
  cases.map(([when, to], index) => ({ when, targets: [to].flat().map(parseTarget), line: index + 1 }));

const upstreams = upstreamsOf({ one: { fast: "vendor/long-id" }, two: {} });

/** The targets of a request, as `upstream/model`, or the message that there are none. */
function select(
  { routes = {}, cases = [] }: { routes?: Record<string, string | string[]>; cases?: CaseRule[] },
  asked: string | RequestFacts,
) {
  const facts = typeof asked === "string" ? factsOfModel(asked, null) : asked;
  const selection = createTargetSelector({ upstreams, routes: routesOf(routes), cases })(facts);
  return selection.targets === null
    ? selection.message
    : selection.targets.map(({ upstream, model }) => `${upstream}/${model}`);
}

describe("the order of routes", () => {
  const routes = {
    default: "one/default",
    opus: "one/opus",
    "*": "one/star",
    "claude-*": "one/claude",
    "claude-*-5": "one/five",
    "claude-opus-5": "one/exact",
    "Claude-Opus-5": "one/capital",
  };
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(routes).filter(([name]) => !names.includes(name)));

  test.each<[string, Record<string, string>, string, string]>([
    ["the exact id", routes, "claude-opus-5", "one/exact"],
    ["letters count between two ids", routes, "Claude-Opus-5", "one/capital"],
    ["letters do not count otherwise", without("Claude-Opus-5"), "CLAUDE-opus-5", "one/exact"],
    ["the longest pattern", routes, "claude-opus-x-5", "one/five"],
    ["a shorter pattern", routes, "claude-opus-6", "one/claude"],
    ["a pattern before the tier", routes, "my-opus", "one/star"],
    ["the tier", without("*", "claude-*"), "claude-opus-6", "one/opus"],
    ["the default", without("*", "claude-*"), "gpt-6", "one/default"],
    ["[1m] is no part of the id", routes, "claude-opus-5[1m]", "one/exact"],
    ["[1M] neither", routes, "claude-opus-5[1M]", "one/exact"],
    ["the earlier of two patterns that are as long", { "a*": "one/a", "*b": "one/b" }, "ab", "one/a"],
  ])("%s", (_name, table, asked, expected) => {
    expect(select({ routes: table }, asked)).toEqual([expected]);
  });

  test("mythos is of the tier fable; each word has its tier", () => {
    const tiers = Object.fromEntries(fileTiers.map((tier) => [tier, `one/${tier}`]));
    for (const tier of fileTiers)
      expect(select({ routes: tiers }, `claude-${tier}-5`)).toEqual([`one/${tier}`]);
    expect(select({ routes: tiers }, "claude-mythos-5")).toEqual(["one/fable"]);
  });
});

describe("an id that names its upstream", () => {
  test.each<[string, Record<string, string>, string, string]>([
    ["needs no route", {}, "one/anthropic/claude-sonnet-5", "one/anthropic/claude-sonnet-5"],
    ["comes before a tier's word in it", { sonnet: "two/x" }, "one/claude-sonnet-5", "one/claude-sonnet-5"],
    ["comes before the default", { default: "two/x" }, "one/m", "one/m"],
    ["comes after an exact route", { "one/m": "two/x" }, "one/m", "two/x"],
    ["comes after a pattern", { "one/*": "two/x" }, "one/m", "two/x"],
    ["may be written in capitals", {}, "ONE/M", "one/M"],
    ["may be a short name", {}, "one/fast", "one/vendor/long-id"],
    ["may have stars, which mean nothing", {}, "one/a*b", "one/a*b"],
    ["needs a model", { default: "two/x" }, "one/", "two/x"],
    ["is no other vendor", { sonnet: "two/x" }, "anthropic/claude-sonnet-5", "two/x"],
  ])("%s", (_name, routes, asked, expected) => {
    expect(select({ routes }, asked)).toEqual([expected]);
  });

  test("has no tier for a case either", () => {
    const cases = casesOf([{ tier: "sonnet" }, "two/x"]);
    expect(select({ cases }, "one/claude-sonnet-5")).toEqual(["one/claude-sonnet-5"]);
    expect(select({ cases }, "claude-sonnet-5")).toEqual(["two/x"]);
  });
});

describe("targets", () => {
  test("a star passes on the id that was asked for", () => {
    const routes = { default: ["one/*", "two/vendor/*", "one/fast"] };
    expect(select({ routes }, "x[1m]")).toEqual(["one/x", "two/vendor/x", "one/vendor/long-id"]);
    expect(select({ routes }, "$&")).toEqual(["one/$&", "two/vendor/$&", "one/vendor/long-id"]);
  });

  test("a star has not the name of its own upstream, but that of another one", () => {
    expect(select({ cases: casesOf([{}, ["one/*", "two/*"]]) }, "one/m")).toEqual(["one/m", "two/one/m"]);
  });

  test("a target comes once", () => {
    expect(select({ routes: { default: ["one/*", "one/m", "two/m", "one/m"] } }, "m")).toEqual([
      "one/m",
      "two/m",
    ]);
  });
});

describe("cases", () => {
  const facts: RequestFacts = {
    ...factsOfModel("claude-opus-5", "web"),
    kind: "subagent",
    agent: { isAgent: true, type: "Explore" },
    images: true,
    pdf: true,
    thinking: true,
    tools: true,
    tokens: () => 50_000,
  };

  test.each<[CaseConditions, boolean]>([
    [{}, true],
    [{ model: "*opus*" }, true],
    [{ model: "claude" }, false],
    [{ tier: "opus" }, true],
    [{ tier: "haiku" }, false],
    [{ kind: ["main", "subagent"] }, true],
    [{ kind: ["main"] }, false],
    [{ agent: true }, true],
    [{ agent: false }, false],
    [{ agent: "explore" }, true],
    [{ agent: "Plan" }, false],
    [{ images: true, pdf: true, thinking: true, tools: true }, true],
    [{ images: false }, false],
    [{ pdf: false }, false],
    [{ thinking: false }, false],
    [{ tools: false }, false],
    [{ tokens: 50_000 }, true],
    [{ tokens: 50_001 }, false],
    [{ client: "web" }, true],
    [{ client: "ci" }, false],
    [{ images: true, client: "ci" }, false],
  ])("%j: %p", (when, matches) => {
    const chosen = select({ cases: casesOf([when, "two/case"]), routes: { default: "one/default" } }, facts);
    expect(chosen).toEqual([matches ? "two/case" : "one/default"]);
  });

  test("the first that matches wins, before any route", () => {
    const cases = casesOf([{ pdf: false }, "one/a"], [{ pdf: true }, "one/b"], [{}, "one/c"]);
    expect(select({ cases, routes: { "claude-opus-5": "one/exact" } }, facts)).toEqual(["one/b"]);
  });

  test("tokens are estimated only for a case that is decided by nothing else", () => {
    let asked = 0;
    const counted = {
      ...facts,
      tokens: () => {
        asked += 1;
        return 10;
      },
    };
    const cases = casesOf(
      [{ tokens: 5, images: false }, "one/a"],
      [{ pdf: true }, "one/b"],
      [{ tokens: 5 }, "one/c"],
    );
    expect(select({ cases }, counted)).toEqual(["one/b"]);
    expect(asked).toBe(0);
  });
});

test("the looks say why each rule matches or not, and stop at the winner", () => {
  const looks: RuleLook[] = [];
  const file = {
    upstreams,
    cases: casesOf([{ agent: "Explore" }, "one/a"], [{ tokens: 1000 }, "one/b"]),
    routes: routesOf({
      default: "one/d",
      haiku: "one/h",
      "gpt-*": "one/g",
      "claude-x": "one/x",
      opus: "one/o",
    }),
  };
  const facts = {
    ...factsOfModel("claude-opus-5", null),
    agent: { isAgent: true, type: null },
    tokens: () => 12,
  };
  const selection = createTargetSelector(file)(facts, (look) => looks.push(look));
  expect(looks).toEqual([
    {
      rule: { type: "case", number: 1, line: 1 },
      isMatch: false,
      reason: "the client does not say which sub-agent asks; it does with CLAUDE_CODE_GATEWAY_HINT_HEADERS=1",
    },
    {
      rule: { type: "case", number: 2, line: 2 },
      isMatch: false,
      reason: "about 12 tokens are fewer than 1,000",
    },
    { rule: { type: "id", asked: "claude-x", line: 4 }, isMatch: false, reason: "another id was asked for" },
    { rule: { type: "pattern", asked: "gpt-*", line: 3 }, isMatch: false, reason: "the id does not fit" },
    { rule: { type: "upstream" }, isMatch: false, reason: "the id begins with no upstream's name" },
    { rule: { type: "tier", asked: "haiku", line: 2 }, isMatch: false, reason: "the id is of the tier opus" },
    { rule: { type: "tier", asked: "opus", line: 5 }, isMatch: true, reason: "the id is of its tier" },
  ]);
  expect(selection).toEqual({
    rule: { type: "tier", asked: "opus", line: 5 },
    targets: [{ upstream: "one", model: "o" }],
  });
});

describe("no target", () => {
  test("says what there is", () => {
    const routes = { "claude-x": "one/m", "gpt-*": "one/m", sonnet: "one/m", opus: "one/m" };
    expect(select({ routes }, "nonsense")).toBe(
      'No route leads to the model "nonsense". There are: the ids claude-x; ids like gpt-*; ids with the word ' +
        "sonnet, opus; any model of an upstream, as one/MODEL, two/MODEL.",
    );
  });

  test("its message has an end", () => {
    const routes = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${"a".repeat(index)}${index}`, "one/m"]),
    );
    const message = select({ routes }, "x".repeat(10_000));
    expect(message.length).toBeLessThan(900);
    expect(message).toContain("more;");
    expect(select({ routes: {} }, "x")).toBe(
      'No route leads to the model "x". There are: any model of an upstream, as one/MODEL, two/MODEL.',
    );
  });
});

/** The contract once more, written differently: from sentences to filters, with expressions for patterns. */
function selectByTheBook(
  file: Pick<FileConfig, "upstreams" | "routes" | "cases">,
  facts: RequestFacts,
): string[] | null {
  const expressionOf = (pattern: string) =>
    new RegExp(
      `^${pattern
        .split("*")
        .map((part) => RegExp.escape(part))
        .join(".*")}$`,
      "i",
    );
  const id = facts.model;
  const own = /^(one|two)\/(.+)$/i.exec(id);
  const words = { haiku: /haiku/i, sonnet: /sonnet/i, opus: /opus/i, fable: /fable|mythos/i };
  const tier = own !== null ? null : (Object.entries(words).find(([, word]) => word.test(id))?.[0] ?? null);
  const holds = ({ when }: CaseRule) =>
    [
      when.model === undefined || expressionOf(when.model).test(id),
      when.tier === undefined || when.tier === tier,
      when.kind === undefined || when.kind.some((kind) => kind === facts.kind),
      when.agent === undefined ||
        (typeof when.agent === "boolean"
          ? when.agent === facts.agent.isAgent
          : facts.agent.type !== null && expressionOf(when.agent).test(facts.agent.type)),
      [when.images ?? facts.images, when.pdf ?? facts.pdf].join() === [facts.images, facts.pdf].join(),
      [when.thinking ?? facts.thinking, when.tools ?? facts.tools].join() ===
        [facts.thinking, facts.tools].join(),
      (when.tokens ?? 0) <= facts.tokens(),
      (when.client ?? facts.client) === facts.client,
    ].every(Boolean);
  const ranks = file.routes.flatMap((route): [number, number, RouteRule][] => {
    const { asked, line } = route;
    if (asked === "default") return [[5, line, route]];
    if (fileTiers.some((name) => name === asked)) return asked === tier ? [[4, line, route]] : [];
    if (asked.includes("*")) {
      const literal = [...asked].filter((character) => character !== "*").length;
      return expressionOf(asked).test(id) ? [[3 - literal / 1000, line, route]] : [];
    }
    if (asked === id) return [[0, line, route]];
    return expressionOf(asked).test(id) ? [[1, line, route]] : [];
  });
  const [best] = ranks.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const isOwn = own !== null && (best === undefined || best[0] > 3);
  const winner = file.cases.find(holds)?.targets ?? (isOwn ? null : best?.[2].targets);
  if (winner === undefined) return null;
  const texts = winner?.map(({ upstream, model }) => {
    const passed = own !== null && own[1]?.toLowerCase() === upstream ? (own[2] ?? "") : id;
    return `${upstream}/${model.split("*").join(passed)}`;
  }) ?? [`${own?.[1]?.toLowerCase()}/${own?.[2]}`];
  const long = texts.map((text) => (text === "one/fast" ? "one/vendor/long-id" : text));
  return long.filter((text, index) => long.indexOf(text) === index);
}

test("agrees with the contract, written differently", () => {
  const arbitraryCases = fc
    .array(fc.record({ when: arbitraryConditions, targets: arbitraryTargets }), { maxLength: 2 })
    .map((cases) => cases.map((rule, index) => ({ ...rule, line: index + 1 })));
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(arbitraryCases, arbitraryRoutes, arbitraryFacts, (cases, routes, facts) => {
      const selection = createTargetSelector({ upstreams, cases, routes })(facts);
      const targets = selection.targets?.map(({ upstream, model }) => `${upstream}/${model}`) ?? null;
      expect(targets).toEqual(selectByTheBook({ upstreams, cases, routes }, facts));
      outcomes.add(selection.targets === null ? "none" : selection.rule.type);
    }),
    { numRuns: 3000 },
  );
  expect([...outcomes].sort()).toEqual(["case", "default", "id", "none", "pattern", "tier", "upstream"]);
});
