import { listUpstreams } from "../../src/config/list-upstreams.ts";
import { createRepairMemory, type RepairMemory } from "../../src/learned/repair-memory.ts";
import { createUpstreamMemory } from "../../src/learned/upstream-memory.ts";
import { chatProtocol } from "../../src/protocols/chat/chat-protocol.ts";
import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import type { ChatRepair } from "../../src/protocols/chat/repair/repair.ts";
import { createCarrier } from "../../src/relay/carry-request.ts";
import type { RelayDependencies } from "../../src/relay/relay-dependencies.ts";
import { closeWire, type WireCall } from "../../src/relay/wire.ts";
import type { Wires } from "../../src/relay/wires.ts";
import { createModelRouter } from "../../src/routing/route-model.ts";
import { createAdmission } from "../../src/server/admission.ts";
import { createApp } from "../../src/server/app.ts";
import type { AppDependencies } from "../../src/server/app-dependencies.ts";
import { createClientCheck } from "../../src/server/clients/client-check.ts";
import { defaultStreamPace } from "../../src/server/event-stream-response.ts";
import { observeNothing } from "../../src/server/observing.ts";
import { randomId } from "../../src/server/random-id.ts";
import { defaultUploadLimits } from "../../src/server/upload-limits.ts";
import { createTokenCounter } from "../../src/tokens/create-token-counter.ts";
import { runNow } from "../../src/turns/turns.ts";
import type { UpstreamAnswer } from "../../src/upstream/upstream-client.ts";

/** An answer of an upstream of Chat Completions, as it comes from the transport. */
export type ChatAnswer = UpstreamAnswer<ChatChunk>;

/** All parts of the app and of its relay, in one bag: what a test may replace. */
export interface AppParts extends Omit<AppDependencies, "setup">, Omit<RelayDependencies, "wires"> {
  upstream: { send: (call: WireCall) => Promise<ChatAnswer> };
  repairs: RepairMemory<ChatRequest, ChatRepair>;
}

/** Creates the parts of an app whose upstream answers nothing. */
export function createParts(
  given: Pick<AppParts, "config" | "logger"> & { calibrationFilePath?: string },
): AppParts {
  const { config, logger, calibrationFilePath = null } = given;
  const nowMs = () => performance.now();
  const [settings] = listUpstreams(config);
  if (settings === undefined) throw new Error("there is no upstream");
  return {
    config,
    logger,
    history: { requests: 0, failures: 0, lastFailure: null },
    observing: observeNothing(),
    describeTeam: () => null,
    describeHealth: () => [],
    version: "0.0.0-test",
    tokens: createTokenCounter({
      calibrationFilePath,
      upstreamHost: "127.0.0.1:9",
      warn: (message) => logger.warn(message),
    }),
    upstream: { send: async () => answerOf([]) },
    settings,
    routeTo: createModelRouter(settings),
    memory: createUpstreamMemory(),
    priceOf: () => null,
    passing: () => Promise.reject(new Error("nothing is passed on here")),
    repairs: createRepairMemory({ rules: chatProtocol.repairs, nowMs }),
    pace: defaultStreamPace,
    uploads: defaultUploadLimits,
    lingerMs: 1000,
    hosts: new Set(),
    admission: createAdmission(10),
    configState: null,
    requestLimits: null,
    running: new Set(),
    takeTurn: runNow,
    now: () => new Date(),
    newId: randomId,
  };
}

/** The app on these parts. */
export function composeApp(parts: AppParts) {
  const { upstream, repairs } = parts;
  const wire = closeWire({ protocol: chatProtocol, send: (call) => upstream.send(call), repairs });
  const wires: Wires = { load: async () => {}, use: (_, use) => wire(use) };
  const { config } = parts;
  const relay = { ...createCarrier({ ...parts, wires }), offerModels: async () => [], priceOf: () => null };
  const setup = {
    config,
    loadRelay: async () => relay,
    clientCheck: createClientCheck(config),
  };
  return createApp({ ...parts, setup: () => setup });
}

/** A streamed answer of these chunks; a function is called instead, and may wait or throw. */
export function answerOf(
  items: readonly (object | (() => unknown))[],
  cancel: () => void = () => {},
): ChatAnswer {
  const waiting = [...items];
  const read: Extract<ChatAnswer, { kind: "events" }>["source"]["read"] = async () => {
    const item = waiting.shift();
    if (typeof item === "function") await item();
    if (item === undefined) return null;
    return typeof item === "function" ? read() : [{ kind: "item", item }];
  };
  return { kind: "events", source: { read, cancel }, info: { upstreamRequestId: null, attempts: 1 } };
}
