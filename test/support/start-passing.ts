import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConversationRequest } from "../../src/anthropic/messages-request.ts";
import { UnreadRequest } from "../../src/anthropic/unread-request.ts";
import type { Config } from "../../src/config/config.ts";
import { listUpstreams } from "../../src/config/list-upstreams.ts";
import type { UpstreamSettings } from "../../src/config/upstream-settings.ts";
import { createUpstreamMemory } from "../../src/learned/upstream-memory.ts";
import type { Logger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { selectProfile } from "../../src/profiles/select-profile.ts";
import { countByPassThrough } from "../../src/relay/pass-through/count-by-pass-through.ts";
import { createPassing, openPassThrough } from "../../src/relay/pass-through/open-pass-through.ts";
import type { PassDependencies } from "../../src/relay/pass-through/pass-call.ts";
import { modelOf, wantsStream } from "../../src/relay/read-unread.ts";
import type { Relay, RelayCall } from "../../src/relay/relay.ts";
import { createAdmission } from "../../src/server/admission.ts";
import { createApp } from "../../src/server/app.ts";
import { createClientCheck } from "../../src/server/clients/client-check.ts";
import { defaultStreamPace, type StreamPace } from "../../src/server/event-stream-response.ts";
import { observeNothing } from "../../src/server/observing.ts";
import { randomId } from "../../src/server/random-id.ts";
import { defaultUploadLimits } from "../../src/server/upload-limits.ts";
import { createTurns } from "../../src/turns/turns.ts";
import { createSendBudget } from "../../src/upstream/send-budget.ts";
import type { UpstreamLimits } from "../../src/upstream/upstream-limits.ts";
import { collectRecords } from "./collect-records.ts";
import { createTestConfig } from "./test-config.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

export interface PassingOptions {
  settings?: Partial<UpstreamSettings>;
  /** The model that the upstream is asked for; the client's own without it. */
  model?: string;
  pace?: Partial<StreamPace>;
  limits?: Partial<UpstreamLimits>;
  isDebug?: boolean;
}

/** The real server in front of an upstream to which all is passed on. */
export interface Passing {
  upstream: Upstream;
  url: string;
  /** Posts a messages request: a text or bytes as they are, anything else as JSON. */
  post(body: unknown, init?: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
  count(body: unknown): Promise<Response>;
  /** The record with this index, as soon as it is written. */
  record(index: number): Promise<RequestRecord>;
  /** Everything that was logged, bodies and records too, as JSON texts. */
  logged: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** What is counted here when the upstream counts nothing. */
export const ownCount = 4711;

/** Starts both: `await using passing = await startPassing()`. */
export async function startPassing(options: PassingOptions = {}): Promise<Passing> {
  const upstream = await startUpstream();
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-passing-"));
  const config = createTestConfig({ baseUrl: upstream.baseUrl, logFilePath: join(folder, "proxy.log") });
  const log = collectLog(options.isDebug ?? false);
  const running = new Set<() => void>();
  const { logger } = log;
  const relay = createPassingRelay(upstream.baseUrl, options, { config, logger, running });
  const setup = {
    config,
    loadRelay: async () => relay,
    clientCheck: createClientCheck(config),
  };
  const app = createApp({
    setup: () => setup,
    logger,
    history: { requests: 0, failures: 0, lastFailure: null },
    observing: observeNothing(),
    describeTeam: () => null,
    describeHealth: () => [],
    version: "0.0.0-test",
    pace: { ...defaultStreamPace, ...options.pace },
    uploads: defaultUploadLimits,
    hosts: new Set(),
    admission: createAdmission(100),
    configState: null,
    requestLimits: null,
    takeTurn: createTurns(),
    now: () => new Date(),
    newId: randomId,
  });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    development: false,
    fetch: (request, bunServer) =>
      app.fetch(request, {
        setIdleSeconds: (of: Request, seconds: number) => bunServer.timeout(of, seconds),
      }),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const send = (
    path: string,
    body: unknown,
    init: { headers?: Record<string, string>; signal?: AbortSignal },
  ) =>
    fetch(`${url}${path}`, {
      method: "POST",
      body: typeof body === "string" || body instanceof Uint8Array ? new Blob([body]) : JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    });
  return {
    upstream,
    url,
    post: (body, init = {}) => send("/v1/messages?beta=true", body, init),
    count: (body) => send("/v1/messages/count_tokens?beta=true", body, {}),
    record: log.record,
    logged: log.logged,
    [Symbol.asyncDispose]: async () => {
      for (const stop of running) stop();
      await server.stop(true);
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createPassingRelay(
  baseUrl: string,
  { settings, model, limits = {} }: PassingOptions,
  parts: { config: Config; logger: Logger; running: Set<() => void> },
): Relay {
  const [only] = listUpstreams(parts.config);
  if (only === undefined) throw new Error("there is no upstream");
  const deps: PassDependencies = {
    ...parts,
    settings: { ...only, baseUrl, protocol: "anthropic", ...settings },
    memory: createUpstreamMemory(),
    takeTurn: createTurns(),
    passing: createPassing({ baseUrl, limits, isLocal: true, version: "0.0.0-test" }),
  };
  const passed = <Call extends RelayCall>(asking: ConversationRequest | UnreadRequest, call: Call) => {
    const request = asking instanceof UnreadRequest ? asking.body : asking;
    const asked = model ?? request.model;
    const profile = selectProfile({ setting: "auto", baseUrl, model: asked, protocol: "anthropic" });
    const key = settings?.passesClientKey === true ? null : "sk-upstream-key-0123456789";
    return { ...call, request, route: { model: asked, profile }, key, watch: null };
  };
  return {
    takesUnread: true,
    offerModels: async () => [],
    priceOf: () => null,
    open(request, call) {
      const { fields } = call.exchange;
      fields.clientModel = modelOf(request);
      fields.stream = wantsStream(request);
      const budget = createSendBudget((taken) => {
        fields.attempts = taken;
      });
      return openPassThrough(deps, { ...passed(request, call), budget, modelSetting: null });
    },
    count: async (request, call) => (await countByPassThrough(deps, passed(request, call))) ?? ownCount,
    describeProtocol: () => "",
  };
}

function collectLog(isDebug: boolean) {
  const logged: string[] = [];
  const { add, record } = collectRecords();
  const note = (...what: unknown[]) => void logged.push(JSON.stringify(what));
  const logger: Logger = {
    isDebug,
    info: note,
    warn: note,
    error: note,
    debugBody: note,
    request: (ended) => {
      note(ended);
      add(ended);
    },
    close: () => {},
  };
  return { logger, logged, record };
}
