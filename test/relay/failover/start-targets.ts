import type { UpstreamSettings } from "../../../src/config/upstream-settings.ts";
import { createLessonsInMemory } from "../../../src/learned/learned-store.ts";
import type { Logger } from "../../../src/logging/logger.ts";
import type { RequestRecord } from "../../../src/logging/request-record.ts";
import { createLink, joinLink } from "../../../src/relay/create-link.ts";
import type { Candidate } from "../../../src/relay/failover/candidate.ts";
import { createFailoverState, type FailoverState } from "../../../src/relay/failover/failover-state.ts";
import { openTargets } from "../../../src/relay/failover/target-switch.ts";
import { openRoute } from "../../../src/relay/open-route.ts";
import { createOwnKeys } from "../../../src/relay/own-keys.ts";
import type { Relay } from "../../../src/relay/relay.ts";
import type { RelayDependencies } from "../../../src/relay/relay-dependencies.ts";
import { protocolLoaders } from "../../../src/relay/select-protocol.ts";
import { createApp } from "../../../src/server/app.ts";
import { defaultStreamPace, type StreamPace } from "../../../src/server/event-stream-response.ts";
import { findSessionId } from "../../../src/translate/conversation/find-session-id.ts";
import { createSendBudget } from "../../../src/upstream/send-budget.ts";
import type { UpstreamLimits } from "../../../src/upstream/upstream-limits.ts";
import { createParts } from "../../support/compose-app.ts";
import { createTestConfig } from "../../support/test-config.ts";

/** One target, in the order of going on. Its upstream is called by its place: `a`, `b`, `c` … */
export interface TestTarget {
  baseUrl: string;
  keys?: readonly string[];
  window?: number;
  concurrency?: number;
}

export interface TargetsOptions {
  state?: FailoverState;
  limits?: Partial<UpstreamLimits>;
  pace?: Partial<StreamPace>;
}

export interface Targets {
  url: string;
  /** Of the requests that have ended. */
  records: RequestRecord[];
  /** Warnings and errors. */
  complaints: string[];
  post(body: object, init?: { session?: string; signal?: AbortSignal }): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

const nameOfPlace = (index: number) => String.fromCharCode("a".charCodeAt(0) + index);

/** Starts the real server in front of these targets, all of which serve the model `m`. */
export function startTargets(targets: readonly TestTarget[], options: TargetsOptions = {}): Targets {
  const { state = createFailoverState(() => performance.now()) } = options;
  const records: RequestRecord[] = [];
  const complaints: string[] = [];
  const complain: Logger["warn"] = (event, fields = {}) =>
    complaints.push(`${event} ${JSON.stringify(fields)}`);
  const logger: Logger = {
    isDebug: false,
    info: () => {},
    warn: complain,
    error: complain,
    debugBody: () => {},
    request: (record) => records.push(record),
    close: () => {},
  };
  const config = createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/dev/null" });
  const parts = createParts({ config, logger });
  const links = targets.map(({ baseUrl, keys = [] }, index) => {
    const settings: UpstreamSettings = { ...parts.settings, name: nameOfPlace(index), baseUrl, keys };
    const link = createLink({
      settings,
      refererUrl: config.refererUrl,
      appName: config.appName,
      running: parts.running,
      tokens: parts.tokens,
      lessons: createLessonsInMemory(),
      loaders: protocolLoaders,
      version: "0.0.0-test",
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    return joinLink(link, { ...parts, lingerMs: 1000 });
  });
  const candidates = targets.map(({ keys = [], window = null, concurrency = null }, index) => {
    const [link] = links.slice(index);
    if (link === undefined) throw new Error("a target has no link");
    return { route: link.routeTo("m"), window, keys, concurrency };
  });
  const relay = createRelay({ candidates, links, state });
  const app = createApp({
    ...parts,
    setup: () => ({ config, relay, clientCheck: null }),
    pace: { ...defaultStreamPace, ...options.pace },
  });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => app.fetch(request, { setIdleSeconds: () => {} }),
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    records,
    complaints,
    post: (body, { session, ...init } = {}) =>
      fetch(`${url}/v1/messages`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: {
          "content-type": "application/json",
          ...(session === undefined ? {} : { "x-claude-code-session-id": session }),
        },
        ...init,
      }),
    [Symbol.asyncDispose]: async () => {
      await server.stop(true);
    },
  };
}

function createRelay({
  candidates,
  links,
  state,
}: {
  candidates: readonly Candidate[];
  links: readonly RelayDependencies[];
  state: FailoverState;
}): Relay {
  const keys = createOwnKeys(candidates.flatMap((candidate) => candidate.keys));
  return {
    open(request, call) {
      const { exchange, signal } = call;
      const { fields } = exchange;
      fields.clientModel = request.model;
      fields.stream = request.stream === true;
      fields.sessionId = call.sessionId ?? findSessionId(request);
      const budget = createSendBudget((taken) => {
        fields.attempts = taken;
      });
      const linkOf = (upstream: string) => {
        const link = links.find(({ settings }) => settings.name === upstream);
        if (link === undefined) throw new Error(`no link to ${upstream}`);
        return link;
      };
      const [{ logger }] = links as [RelayDependencies];
      return openTargets({
        exchange,
        candidates,
        budget,
        state,
        conversationId: fields.sessionId,
        clientSignal: signal,
        logger,
        openOn: (route, key) =>
          openRoute(linkOf(route.upstream), {
            request,
            route,
            modelSetting: null,
            key,
            keys,
            budget,
            ...call,
          }),
      });
    },
    count: () => Promise.reject(new Error("counts nothing")),
    describeProtocol: () => "",
  };
}
