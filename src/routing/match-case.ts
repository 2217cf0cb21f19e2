import { compileIdPattern } from "../config/file/id-pattern.ts";
import type { CaseConditions, FileTier } from "../config/file-config.ts";
import type { RequestFacts } from "./request-facts.ts";

/** Finds the first condition that does not hold, in a few words; null if all hold. */
export type CaseMatcher = (facts: RequestFacts, tier: FileTier | null) => (() => string) | null;

/** One condition: whether it holds, and what to say if it does not. */
interface Condition {
  readonly holds: (facts: RequestFacts, tier: FileTier | null) => boolean;
  readonly complaint: (facts: RequestFacts, tier: FileTier | null) => string;
}

/**
 * Compiles the conditions of a case. Those that need to look at the conversation come last, and the one that needs all of
 * its text at the very end.
 */
export function compileCase(when: CaseConditions): CaseMatcher {
  const conditions = listConditions(when);
  return (facts, tier) => {
    const failed = conditions.find(({ holds }) => !holds(facts, tier));
    return failed === undefined ? null : () => failed.complaint(facts, tier);
  };
}

function listConditions({ model, tier, kind, agent, client, tokens, ...media }: CaseConditions): Condition[] {
  const found: Condition[] = [];
  if (model !== undefined) found.push(modelCondition(model));
  if (tier !== undefined) {
    found.push({
      holds: (_facts, own) => own === tier,
      complaint: (_facts, own) => (own === null ? `the id names no tier` : `the tier is ${own}`),
    });
  }
  if (kind !== undefined) {
    found.push({
      holds: (facts) => kind.includes(facts.kind),
      complaint: (facts) => `the kind is ${facts.kind}`,
    });
  }
  if (agent !== undefined) found.push(agentCondition(agent));
  if (client !== undefined) {
    found.push({
      holds: (facts) => facts.client === client,
      complaint: (facts) =>
        facts.client === null ? "the client has no name" : `the client is ${facts.client}`,
    });
  }
  for (const name of ["thinking", "tools", "images", "pdf"] as const) {
    const wanted = media[name];
    if (wanted !== undefined) found.push(flagCondition(name, wanted));
  }
  if (tokens !== undefined) {
    found.push({
      holds: (facts) => facts.tokens() >= tokens,
      complaint: (facts) => `about ${group(facts.tokens())} tokens are fewer than ${group(tokens)}`,
    });
  }
  return found;
}

function modelCondition(model: string): Condition {
  const { fits } = compileIdPattern(model);
  return { holds: (facts) => fits(facts.model), complaint: () => `the id does not fit ${model}` };
}

function agentCondition(wanted: boolean | string): Condition {
  if (typeof wanted === "boolean") {
    return {
      holds: ({ agent }) => agent.isAgent === wanted,
      complaint: () => (wanted ? "no sub-agent asks" : "a sub-agent asks"),
    };
  }
  return {
    holds: ({ agent }) => agent.type?.toLowerCase() === wanted.toLowerCase(),
    complaint: ({ agent: { isAgent, type } }) => {
      if (!isAgent) return "no sub-agent asks";
      return type === null
        ? "the client does not say which sub-agent asks; it does with CLAUDE_CODE_GATEWAY_HINT_HEADERS=1"
        : `the sub-agent is of the type ${type}`;
    },
  };
}

/** For each condition: what is missing, and what is there. */
const words = {
  thinking: ["thinking is off", "thinking is on"],
  tools: ["it has no tools", "it has tools"],
  images: ["it has no image", "it has an image"],
  pdf: ["it has no PDF", "it has a PDF"],
} as const;

function flagCondition(name: keyof typeof words, wanted: boolean): Condition {
  const [missing, present] = words[name];
  return { holds: (facts) => facts[name] === wanted, complaint: () => (wanted ? missing : present) };
}

function group(count: number): string {
  return count.toLocaleString("en-US");
}
