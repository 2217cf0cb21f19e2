import type { SessionAgent } from "../../../record/record-reader.ts";

/** An agent with those that it started. */
export interface AgentNode {
  readonly agent: SessionAgent;
  readonly children: readonly AgentNode[];
}

/**
 * The agents of a session as trees, each generation from oldest to newest. Agents without a named parent belong to the
 * main conversation; those whose parent is not in the list stand at the root, as do those that only name each other.
 */
export function buildAgentTree(agents: readonly SessionAgent[]): readonly AgentNode[] {
  const sorted = agents.toSorted((a, b) => a.firstMs - b.firstMs);
  const main = sorted.find(({ agentId }) => agentId === null) ?? null;
  const childrenOf = new Map<SessionAgent, SessionAgent[]>();
  const roots: SessionAgent[] = [];
  for (const agent of sorted) {
    const parent = agent === main ? null : findParent(agent, sorted, main);
    if (parent === null || isBelow(parent, agent, sorted)) {
      roots.push(agent);
      continue;
    }
    const siblings = childrenOf.get(parent) ?? [];
    siblings.push(agent);
    childrenOf.set(parent, siblings);
  }
  const buildNode = (agent: SessionAgent): AgentNode => ({
    agent,
    children: (childrenOf.get(agent) ?? []).map(buildNode),
  });
  return roots.map(buildNode);
}

function findParent(
  { parentAgentId }: SessionAgent,
  agents: readonly SessionAgent[],
  main: SessionAgent | null,
): SessionAgent | null {
  if (parentAgentId === null) return main;
  return agents.find(({ agentId }) => agentId === parentAgentId) ?? null;
}

/** Whether the way up from an agent comes to `top`, or goes round in a circle: ids are what clients say. */
function isBelow(agent: SessionAgent, top: SessionAgent, agents: readonly SessionAgent[]): boolean {
  const seen = new Set<SessionAgent>();
  let at: SessionAgent | null = agent;
  while (at !== null && at !== top && !seen.has(at)) {
    seen.add(at);
    at = at.parentAgentId === null ? null : findParent(at, agents, null);
  }
  return at !== null;
}
