import { createLessonsInMemory } from "../../../src/learned/learned-store.ts";
import type { Logger } from "../../../src/logging/logger.ts";
import type { RequestRecord } from "../../../src/logging/request-record.ts";
import { createFileCarrier } from "../../../src/relay/carry-by-file.ts";
import { createLink, joinLink } from "../../../src/relay/create-link.ts";
import { createFailoverState, type FailoverState } from "../../../src/relay/failover/failover-state.ts";
import { protocolLoaders } from "../../../src/relay/select-protocol.ts";
import { createApp } from "../../../src/server/app.ts";
import { defaultStreamPace, type StreamPace } from "../../../src/server/event-stream-response.ts";
import type { UpstreamLimits } from "../../../src/upstream/upstream-limits.ts";
import { createParts } from "../../support/compose-app.ts";
import { createFileConfig, upstreamSettings } from "../../support/file-config.ts";
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
  const plain = createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/dev/null" });
  const parts = createParts({ config: plain, logger });
  const upstreams = targets.map(({ baseUrl, keys = [], concurrency = null }, index) =>
    upstreamSettings(nameOfPlace(index), baseUrl, { keys, concurrency }),
  );
  const file = createFileConfig({
    upstreams,
    routes: { default: upstreams.map(({ name }) => `${name}/m`) },
  });
  const config = { ...plain, file };
  const shared = { ...parts, config, lingerMs: 1000 };
  const links = upstreams.map((settings, index) => {
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
    const window = targets[index]?.window;
    if (window !== undefined) link.memory.learnContextWindow("m", window);
    return [settings.name, joinLink(link, shared)] as const;
  });
  const carrier = createFileCarrier({ shared, file, links: new Map(links), failover: state });
  const relay = { ...carrier, offerModels: async () => [], priceOf: () => null };
  const app = createApp({
    ...parts,
    setup: () => ({ config, loadRelay: async () => relay, clientCheck: null }),
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
      await parts.tokens.close();
    },
  };
}
