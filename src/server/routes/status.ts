import type { Context, Handler } from "hono";
import type { SpendingState } from "../../budget/budgets.ts";
import type { Config } from "../../config/config.ts";
import type { Recorder } from "../../record/recorder.ts";
import type { TeamState } from "../../team/team.ts";
import type { Admission } from "../admission.ts";
import type { ConfigState } from "../config-state.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";
import type { Observing } from "../observing.ts";
import type { RequestHistory } from "../request-history.ts";
import type { Setup } from "../setup.ts";

/** `GET /`: says that this is the proxy and that it runs. It shows no path, address or key, because anybody may ask. */
export function liveStatusRoute(deps: {
  version: string;
  admission: Admission;
  now: () => Date;
}): Handler<AppEnvironment> {
  const startedAtMs = performance.now();
  const startedAt = deps.now().toISOString();
  return (c) =>
    c.json({
      name: "claude-proxy",
      version: deps.version,
      status: "ok",
      running_requests: deps.admission.running,
      started_at: startedAt,
      uptime_seconds: Math.floor((performance.now() - startedAtMs) / 1000),
    });
}

/** `GET /status`: shows where requests go, and what failed last. Only for clients that may also send requests. */
export function statusRoute(deps: {
  history: RequestHistory;
  configState: ConfigState | null;
  observing: Pick<Observing, "budgets" | "recorder">;
  describeTeam: () => TeamState | null;
}): Handler<AppEnvironment> {
  return async (c) => {
    const { history, configState, observing, describeTeam } = deps;
    const setup = c.get("setup");
    const { file } = setup.config;
    const places =
      file === null
        ? await describeOnlyUpstream(setup)
        : (await loadFileStatus()).describeFileStatus(file, configState);
    const { requests, failures, lastFailure } = history;
    const only = findOnlyClient(c);
    const spending = describeBudgets(observing.budgets?.list(only) ?? []);
    const record = await describeRecord(observing.recorder, setup.config.recordBodies);
    const team = describeTeamState(describeTeam());
    return c.json({
      ...places,
      requests,
      failures,
      last_failure: only === null ? lastFailure : null,
      record,
      ...spending,
      ...team,
    });
  };
}

/**
 * The client who hears of himself alone; null for everybody else. Those of a shared database are many people: only whoever
 * has a key of the settings, or `admin`, hears of others.
 */
function findOnlyClient(c: Context<AppEnvironment>): string | null {
  const client = c.get("client");
  const { shared } = c.get("setup").config;
  if (client === undefined || client.admin || !shared?.clients.includes(client)) return null;
  return client.name;
}

/** Nothing without a shared record. */
function describeTeamState(state: TeamState | null) {
  if (state === null) return {};
  const { place, instances, clients, awaySince, fault } = state;
  return { team: { database: place, instances, clients, away_since: awaySince, fault } };
}

/** Null with `RECORD=off`. Requests are not counted: somebody may ask every second, and the file may be large. */
async function describeRecord(recorder: Recorder | null, bodies: Config["recordBodies"]) {
  if (recorder === null) return null;
  const { path, backlog: waiting, lost, fault, shared } = recorder.state;
  if (shared !== null) {
    const { spooled, awaySinceMs } = shared;
    const awaySince = awaySinceMs === null ? null : new Date(awaySinceMs).toISOString();
    return { path, bytes: 0, bodies, waiting, lost, fault, spooled, away_since: awaySince };
  }
  const sizes = await Promise.all([path, `${path}-wal`].map(readSize));
  return { path, bytes: sizes.reduce((sum, size) => sum + size), bodies, waiting, lost, fault };
}

/** Nothing for a file that is not there; why it cannot be read is told by who writes it. */
async function readSize(path: string): Promise<number> {
  return Bun.file(path)
    .stat()
    .then(
      ({ size }) => size,
      () => 0,
    );
}

/** Nothing where there are no caps. */
function describeBudgets(states: readonly SpendingState[]) {
  if (states.length === 0) return {};
  return {
    budgets: states.map(({ name, spentUsd, limitUsd, endsMs }) => ({
      name,
      spent_usd: spentUsd,
      limit_usd: limitUsd,
      ends_at: endsMs === null ? null : new Date(endsMs).toISOString(),
    })),
  };
}

async function describeOnlyUpstream({ config, loadRelay }: Setup) {
  const relay = await loadRelay();
  const { baseUrl, bigModelName, mediumModelName, smallModelName } = config;
  return {
    // Some upstreams take a key in the query.
    upstream: baseUrl.replace(/\?.*/, "?…"),
    protocol: relay.describeProtocol?.(),
    models: { big: bigModelName, medium: mediumModelName, small: smallModelName },
  };
}

/** Without a configuration file it is never loaded. */
function loadFileStatus() {
  return import("./file-status.ts");
}

/** `GET /health` and the probe that Claude Code sends at its start. */
export function liveRoute(): Handler<AppEnvironment> {
  return (c) => c.json({ status: "ok" });
}

/** `GET /ready`: whether a balancer should send requests here; 503 from the signal to stop on. */
export function readyRoute({
  admission,
}: {
  admission: Pick<Admission, "isReady">;
}): Handler<AppEnvironment> {
  return (c) => (admission.isReady ? c.json({ status: "ok" }) : c.json({ status: "stopping" }, 503));
}

/** Claude Code 2.0 sends its telemetry to the base URL and repeats it on a 404: accepts it and discards it. */
export function discardRoute(): Handler<AppEnvironment> {
  return (c) => c.body(null, 204);
}
