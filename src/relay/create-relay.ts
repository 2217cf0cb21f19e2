import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { findHttpProxy, usesHttpProxy } from "../config/find-http-proxy.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { createUpstreamMemory } from "../learned/upstream-memory.ts";
import type { Logger } from "../logging/logger.ts";
import type { AnyProtocol } from "../protocols/protocol.ts";
import { createRouteSelector } from "../routing/select-route.ts";
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
import { selectProtocol } from "./select-protocol.ts";
import { createWire } from "./wire.ts";

export interface RelayOptions {
  config: Config;
  logger: Logger;
  version: string;
  /** Runs the steps of large requests. */
  takeTurn: StepRunner;
  newId: (prefix: string) => string;
  /** Whether the thread of the tokenizer may start now. */
  mayStartTokenizer?: () => boolean;
  /** How upstreams are spoken to; default by the settings. */
  protocol?: AnyProtocol;
  /** Shorter times, for tests. */
  limits?: Partial<UpstreamLimits>;
  lingerMs?: number;
  /** Without a request, before what can wait is done: learning from charges. */
  quietMs?: number;
}

/** A relay with all that it stands on. */
export interface RunningRelay extends Relay {
  /** Settles when requests can be sent. */
  readonly ready: Promise<void>;
  /** Gives up the calls to upstreams that are running. */
  giveUpCalls(): void;
  /** Settles once no call runs any more, or shortly after. */
  waitForLastCall(): Promise<void>;
  /** Writes down what was learned, and ends what runs beside the requests. */
  close(): Promise<void>;
}

const calibrationFile = "token-calibration.json";

/** The usage may take this long to come after the finish reason (rule 4.2). */
export const defaultLingerMs = 5_000;

/** Puts the parts together that carry requests to the configured upstream. */
export function createRelay(options: RelayOptions): RunningRelay {
  const ready = startHttpThread();
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
  return {
    ready,
    ...createCarrier({
      config,
      logger,
      tokens,
      takeTurn,
      newId,
      running,
      wire: createWire(options.protocol ?? selectProtocol("chat"), client, nowMs),
      selectRoute: createRouteSelector(config, () => recogniser.family),
      memory: createUpstreamMemory(),
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
    isLocal,
    httpProxy: isLocal ? null : findHttpProxy(url),
    onHead,
  });
}

function millisecondsOf(seconds: number | null): number {
  return seconds === null ? Number.POSITIVE_INFINITY : seconds * 1000;
}
