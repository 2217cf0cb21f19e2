import type { ClientHints } from "../../anthropic/client-hints.ts";
import { isAside, type PurposefulRequest } from "../../anthropic/request-kind.ts";
import type { RequestKindName } from "../../config/file-config.ts";
import type { RequestTrace } from "../../record/request-trace.ts";

/** Notes in the trace who asks, and what for. */
export function traceCaller(
  trace: RequestTrace,
  hints: ClientHints,
  request: PurposefulRequest,
  kind: RequestKindName,
): void {
  const { agentId, parentAgentId, agentType } = hints;
  trace.kind = kind === "main" && isAside(request, hints) ? "aside" : kind;
  trace.agentId = agentId;
  trace.parentAgentId = parentAgentId;
  trace.agentType = agentType;
}
