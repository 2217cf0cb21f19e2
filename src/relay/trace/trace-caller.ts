import type { ClientHints } from "../../anthropic/client-hints.ts";
import type { RequestKindName } from "../../config/file-config.ts";
import type { RequestTrace } from "../../record/request-trace.ts";

/** Notes in the trace who asks, and what for. */
export function traceCaller(
  trace: RequestTrace,
  { agentId, parentAgentId, agentType }: ClientHints,
  kind: RequestKindName,
): void {
  trace.kind = kind;
  trace.agentId = agentId;
  trace.parentAgentId = parentAgentId;
  trace.agentType = agentType;
}
