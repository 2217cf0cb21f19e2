/**
 * What a client says about a request in its headers. Claude Code 2.1.330 sends the ids of agents always, the rest with
 * `CLAUDE_CODE_GATEWAY_HINT_HEADERS=1`. Null for what was not sent.
 */
export interface ClientHints {
  /** `x-claude-code-request-class`: main, subagent, compaction, auxiliary … */
  readonly requestClass: string | null;
  /** `x-claude-1p-request-class`, which tells auxiliary requests apart: summary-extraction, followup-generation … */
  readonly firstPartyClass: string | null;
  readonly agentId: string | null;
  /** The agent that has begun this one; null also for those that the main conversation began. */
  readonly parentAgentId: string | null;
  readonly agentType: string | null;
  /** What began a compaction: auto, reactive, manual. */
  readonly compaction: string | null;
}

/** Longer values are no words of a client. */
const maxLength = 256;

const noHints: ClientHints = {
  requestClass: null,
  firstPartyClass: null,
  agentId: null,
  parentAgentId: null,
  agentType: null,
  compaction: null,
};

/** Reads the hints of a request. They are the client's words: they may choose a route, and grant nothing. */
export function readClientHints(headers: Pick<Headers, "get">): ClientHints {
  const read = (name: string): string | null => {
    const value = headers.get(name)?.trim() ?? "";
    return value === "" || value.length > maxLength ? null : value;
  };
  const requestClass = read("x-claude-code-request-class");
  const agentId = read("x-claude-code-agent-id");
  // The others come with one of these only, and each one that is looked for costs every request of other clients.
  if (requestClass === null && agentId === null) return noHints;
  return {
    requestClass,
    firstPartyClass: read("x-claude-1p-request-class"),
    agentId,
    parentAgentId: read("x-claude-code-parent-agent-id"),
    agentType: read("x-claude-code-agent-type"),
    compaction: read("x-claude-code-compaction"),
  };
}
