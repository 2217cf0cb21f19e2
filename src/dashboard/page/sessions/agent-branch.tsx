import type { SessionAgent } from "../../../record/record-reader.ts";
import { formatCount, formatDuration, formatShare, formatUsdSum, formatWhole } from "../parts/format.ts";
import { Meter } from "../parts/meter.tsx";
import { buildTerm } from "../parts/time-range.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { formatFilterRoute } from "../shell/route.ts";
import type { AgentNode } from "./build-agent-tree.ts";
import { contextFillOf } from "./context-fill.ts";

export interface AgentBranchProps {
  readonly sessionId: string;
  readonly node: AgentNode;
}

/** An agent, and below it those that it started. */
export function AgentBranch({ sessionId, node }: AgentBranchProps) {
  const { agent, children } = node;
  return (
    <li>
      <div class="agent">
        <div class="agent-name">
          <a href={formatFilterRoute(buildAgentFilter(sessionId, agent))}>{nameAgent(agent)}</a>{" "}
          {agent.agentId !== null && (
            <code class="quiet" title={toVisibleText(agent.agentId)}>
              {toVisibleText(agent.agentId.slice(0, 8))}
            </code>
          )}
        </div>
        <div>{agent.model === null ? "model not known" : toVisibleText(agent.model)}</div>
        <div>
          {formatWhole(agent.requests)} {agent.requests === 1 ? "request" : "requests"}
          {agent.errors > 0 && <span class="bad">, {formatWhole(agent.errors)} failed</span>}
          <span class="quiet"> in {formatDuration(agent.lastMs - agent.firstMs)}</span>
        </div>
        <div>{formatUsdSum(agent.costUsd, agent.unknownCosts)}</div>
        <ContextMeter agent={agent} />
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <AgentBranch key={child.agent.agentId ?? ""} sessionId={sessionId} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function ContextMeter({ agent }: { readonly agent: SessionAgent }) {
  const fill = contextFillOf(agent);
  if (fill !== null) {
    const text = `${formatCount(fill.tokens)} of ${formatCount(fill.windowTokens)} (${formatShare(fill.share)})`;
    return <Meter label={`Context of ${nameAgent(agent)}`} share={fill.share} text={text} />;
  }
  const { contextTokens } = agent;
  const known =
    contextTokens === null ? "context not known" : `${formatCount(contextTokens)}, window not known`;
  return <span class="quiet">{known}</span>;
}

function nameAgent({ agentId, agentType }: SessionAgent): string {
  if (agentId === null) return "Main conversation";
  return agentType === null ? "Sub-agent" : toVisibleText(agentType);
}

/** The filter of an agent's requests. Those of the main conversation name no agent at all. */
function buildAgentFilter(sessionId: string, { agentId }: SessionAgent): string {
  const agent = agentId === null ? "-agent:*" : buildTerm("agent", agentId);
  return `${buildTerm("session", sessionId)} ${agent}`;
}
