import type { Config } from "../../config/config.ts";
import type { NowAnswer, RunningRequest } from "../../dashboard/dashboard-api.ts";
import type { Exchange } from "../../relay/exchange.ts";
import type { Observing } from "../observing.ts";
import type { Viewer } from "./find-viewer.ts";

export interface NowDependencies {
  readonly observing: Pick<Observing, "running" | "recorder" | "budgets">;
  readonly version: string;
  readonly now: () => Date;
}

/** What runs now, as far as the viewer may see it, and how it stands with the record. */
export function buildNowAnswer(
  { recordBodies }: Pick<Config, "recordBodies">,
  { client }: Viewer,
  { observing, version, now }: NowDependencies,
): NowAnswer {
  // guard: a client's own running requests in the dashboard; without it: observing.running.list()
  const running = observing.running
    .list()
    .filter(({ fields }) => client === null || fields.client === client);
  // guard: a client's own budgets in the dashboard; without it: observing.budgets?.list(null) ?? []
  const budgets = observing.budgets?.list(client) ?? [];
  return {
    version,
    nowMs: now().getTime(),
    record: observing.recorder?.state ?? null,
    recordBodies,
    running: running.filter(isMessages).map(describeRunning),
    budgets,
  };
}

/** Probes, counts and what the page itself asks are over at once. */
function isMessages({ fields }: Exchange): boolean {
  return fields.method === "POST" && fields.path.endsWith("/messages");
}

function describeRunning({ fields, trace, requestId, firstByteMs, elapsedMs }: Exchange): RunningRequest {
  return {
    requestId,
    client: fields.client ?? null,
    sessionId: fields.sessionId,
    agentType: trace.agentType,
    kind: trace.kind,
    clientModel: fields.clientModel,
    upstream: fields.upstream ?? trace.upstream,
    model: fields.upstreamModel,
    elapsedMs: elapsedMs(),
    firstByteMs,
    answerBytes: trace.answerBytes,
  };
}
