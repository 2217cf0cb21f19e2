import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { findHttpProxy, usesHttpProxy } from "../config/find-http-proxy.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { createUpstreamMemory } from "../learned/upstream-memory.ts";
import type { Logger } from "../logging/logger.ts";
import { createRouteSelector, listTierRoutes } from "../routing/select-route.ts";
import { createTokenCounter } from "../tokens/create-token-counter.ts";
import { createTokenizer } from "../tokens/tokenizer.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import { startHttpThread } from "../upstream/start-http-thread.ts";
import { createUpstreamClient } from "../upstream/upstream-client.ts";
import type { UpstreamLimits } from "../upstream/upstream-limits.ts";
import { createCarrier } from "./carry-request.ts";
import { giveUpCalls, waitForLastCall } from "./end-calls.ts";
import { createRecogniser } from "./recogniser.ts";
import type { Relay } from "./relay.ts";
import { type ProtocolLoaders, protocolLoaders } from "./select-protocol.ts";
import { createWires } from "./wires.ts";

export interface RelayOptions {
  config: Config;
  logger: Logger;
  version: string;
  /** Runs the steps of large requests. */
  takeTurn: StepRunner;
  newId: (prefix: string) => string;
  /** Whether the thread of the tokenizer may start now. */
  mayStartTokenizer?: () => boolean;
  /** Other code for the wires, for tests. */
  protocols?: ProtocolLoaders;
  /** Shorter times, for tests. */
  limits?: Partial<UpstreamLimits>;
  lingerMs?: number;
  /** How long no request may have run before deferred work is done: learning from charges. */
  quietMs?: number;
}

/** A relay with everything it depends on. */
export interface RunningRelay extends Relay {
  /** Settles when requests can be sent. */
  readonly ready: Promise<void>;
  /** Gives up all running calls to upstreams. */
  giveUpCalls(): void;
  /** Settles once no call runs any more, or after a short limit. */
  waitForLastCall(): Promise<void>;
  /** Saves what was learned, and ends the background work. */
  close(): Promise<void>;
}

const calibrationFile = "token-calibration.json";

/** How long the usage may take to arrive after the finish reason (rule 4.2). */
export const defaultLingerMs = 5_000;

/** Assembles the parts that carry requests to the configured upstream. */
export function createRelay(options: RelayOptions): RunningRelay {
  const { config, logger, takeTurn, newId, quietMs } = options;
  const { mayStartTokenizer: mayStart } = options;
  const running = new Set<() => void>();
  const recogniser = createRecogniser(config, running);
  const nowMs = () => performance.now();
  const tokens = createTokenCounter({
    calibrationFilePath: join(config.stateFolder, calibrationFile),
    formerCalibrationPaths: config.formerStateFolders.map((folder) => join(folder, calibrationFile)),
    upstreamHost: new URL(config.baseUrl).host,
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    tokenizer: createTokenizer(mayStart === undefined ? {} : { mayStart }),
    ...(quietMs === undefined ? {} : { quietMs }),
  });
  const client = createConfiguredClient(options, recogniser.noteHead);
  const memory = createUpstreamMemory();
  const selectRoute = createRouteSelector(config, {
    recognised: () => recogniser.family,
    learned: memory.protocol,
  });
  const wires = createWires({ ...protocolLoaders, ...options.protocols }, client, nowMs);
  const usual = Object.values(listTierRoutes(selectRoute)).map(({ profile }) => profile.protocol);
  const ready = Promise.all([startHttpThread(), wires.load([...new Set(usual)])]).then(() => {});
  return {
    ready,
    ...createCarrier({
      config,
      logger,
      tokens,
      takeTurn,
      newId,
      running,
      wires,
      selectRoute,
      memory,
      lingerMs: options.lingerMs ?? defaultLingerMs,
    }),
    giveUpCalls: () => giveUpCalls(running),
    waitForLastCall: () => waitForLastCall(running),
    close: () => tokens.close(),
  };
}

function createConfiguredClient(
  { config, version, limits }: RelayOptions,
  onHead: (headers: Headers) => void,
) {
  const { openaiApiKey: apiKey, baseUrl, refererUrl, appName } = config;
  const url = new URL(baseUrl);
  const isLocal = isLoopbackHost(url.hostname);
  return createUpstreamClient({
    baseUrl,
    apiKey,
    refererUrl,
    appName,
    version,
    limits: {
      ...(usesHttpProxy() && !isLocal ? { connectMs: null } : {}),
      firstByteMs: millisecondsOf(config.upstreamFirstByteSeconds),
      idleMs: millisecondsOf(config.upstreamIdleSeconds),
      ...limits,
    },
    usualLimits: config.usualLimits,
    isLocal,
    httpProxy: isLocal ? null : findHttpProxy(url),
    onHead,
  });
}

function millisecondsOf(seconds: number | null): number {
  return seconds === null ? Number.POSITIVE_INFINITY : seconds * 1000;
}
