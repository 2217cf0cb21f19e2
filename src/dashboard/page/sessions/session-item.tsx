import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { RecordedSession } from "../../../record/record-reader.ts";
import { formatDuration, formatTime, formatUsdSum, formatWhole } from "../parts/format.ts";
import { buildTerm } from "../parts/time-range.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { formatFilterRoute } from "../shell/route.ts";
import { AgentBranch } from "./agent-branch.tsx";
import { buildAgentTree } from "./build-agent-tree.ts";

export interface SessionItemProps {
  readonly session: RecordedSession;
  readonly isOpenAtFirst: boolean;
}

/** One session: its sums in a line, and behind it the tree of its agents. */
export function SessionItem({ session, isOpenAtFirst }: SessionItemProps) {
  const isOpen = useSignal(isOpenAtFirst);
  const { sessionId, client, sum, agents } = session;
  const tree = useMemo(() => buildAgentTree(agents), [agents]);
  return (
    <li>
      <details
        open={isOpen.value}
        onToggle={(event) => {
          isOpen.value = event.currentTarget.open;
        }}
      >
        <summary>
          <span class="session-line">
            <code title={toVisibleText(sessionId)}>{toVisibleText(sessionId.slice(0, 8))}</code>
            <span>{client !== null && toVisibleText(client)}</span>
            <span>
              {formatTime(sum.firstMs)}{" "}
              <span class="quiet">for {formatDuration(sum.lastMs - sum.firstMs)}</span>
            </span>
            <span>{countOf(sum.requests, "request")}</span>
            <span class="bad">{sum.errors > 0 && countOf(sum.errors, "error")}</span>
            <span>{formatUsdSum(sum.costUsd, sum.unknownCosts)}</span>
            <span class="quiet">{agents.length > 1 && countOf(agents.length, "agent")}</span>
          </span>
        </summary>
        {isOpen.value && (
          <>
            <p class="session-links">
              <span class="quiet">Session</span> <code>{toVisibleText(sessionId)}</code>{" "}
              <a href={formatFilterRoute(buildTerm("session", sessionId))}>All its requests</a>
            </p>
            <ul class="agents">
              {tree.map((node) => (
                <AgentBranch key={node.agent.agentId ?? ""} sessionId={sessionId} node={node} />
              ))}
            </ul>
          </>
        )}
      </details>
    </li>
  );
}

function countOf(count: number, noun: string): string {
  return `${formatWhole(count)} ${noun}${count === 1 ? "" : "s"}`;
}
