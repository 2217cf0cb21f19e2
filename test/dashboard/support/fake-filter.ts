import type { ListedRequest } from "../../../src/record/record-reader.ts";

type Condition = (request: ListedRequest) => boolean;

/** As much of the filter language as the tests of the page need. */
export function parseFakeFilter(text: string): { matches: Condition } | { fault: string } {
  const conditions: Condition[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const condition = parseWord(word);
    if (condition === null) {
      return {
        fault: `“${word}” is no part of the filter language. Known are status, model, session, is and others.`,
      };
    }
    conditions.push(condition);
  }
  return { matches: (request) => conditions.every((condition) => condition(request)) };
}

function parseWord(word: string): Condition | null {
  const [, member, value = ""] = /^(\w+):(.+)$/.exec(word) ?? [];
  if (member === undefined) return (request) => JSON.stringify(request).includes(word);
  const text = new RegExp(`^${value.split("*").map(RegExp.escape).join(".*")}$`, "i");
  switch (member) {
    case "status":
      return numberCondition(value, ({ status }) => status);
    case "cost":
      return numberCondition(value, ({ costUsd }) => costUsd);
    case "ms":
      return numberCondition(value.replace(/^(>)(\d+)s$/, "$1$2000"), ({ durationMs }) => durationMs);
    case "model":
      return ({ model }) => text.test(model ?? "");
    case "session":
      return ({ sessionId }) => text.test(sessionId ?? "");
    case "agent":
      return ({ agentId }) => text.test(agentId ?? "");
    case "id":
      return ({ requestId }) => text.test(requestId);
    case "since":
    case "until":
      return () => true;
    case "is":
      return flags[value] ?? null;
    default:
      return null;
  }
}

const flags: Readonly<Record<string, Condition>> = {
  error: ({ status }) => status >= 400,
  retried: ({ sends }) => sends > 1,
  changed: ({ changes }) => changes.repairs.length > 0,
  estimated: ({ usageEstimated }) => usageEstimated,
  broken: ({ prefix }) => prefix !== null && prefix.place !== null,
};

function numberCondition(text: string, of: (request: ListedRequest) => number | null): Condition | null {
  const [, comparison = "", digits = ""] = /^(>=|<=|>|<|)\$?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (digits === "") return null;
  const limit = Number.parseFloat(digits);
  return (request) => {
    const value = of(request);
    if (value === null) return false;
    switch (comparison) {
      case ">=":
        return value >= limit;
      case "<=":
        return value <= limit;
      case ">":
        return value > limit;
      case "<":
        return value < limit;
      default:
        return value === limit;
    }
  };
}
