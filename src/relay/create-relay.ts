import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { listUpstreams } from "../config/list-upstreams.ts";
import type { Logger } from "../logging/logger.ts";
import { listTierRoutes, selectByTier } from "../routing/select-route.ts";
import { createTokenCounter } from "../tokens/create-token-counter.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import { createTokenizer } from "../tokens/tokenizer.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import { startHttpThread } from "../upstream/start-http-thread.ts";
import type { UpstreamLimits } from "../upstream/upstream-limits.ts";
import { createCarrier } from "./carry-request.ts";
import { createLink, joinLink, type UpstreamLink } from "./create-link.ts";
import { giveUpCalls, waitForLastCall } from "./end-calls.ts";
import type { Relay } from "./relay.ts";
import type { SharedDependencies } from "./relay-dependencies.ts";
import { type ProtocolLoaders, protocolLoaders } from "./select-protocol.ts";

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

/** What all relays of a server share, whatever configuration is in force: counts, running calls, what was learned. */
export interface RelayHost {
  /**
   * Creates the relay for a configuration, and what its first requests need. Relays that were created before go on
   * with theirs.
   */
  configure(config: Config): Promise<Relay>;
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

/** Assembles the parts that carry requests to the configured upstreams. */
export function createRelayHost(options: RelayOptions): RelayHost {
  const running = new Set<() => void>();
  const tokens = createCounter(options);
  let links: readonly UpstreamLink[] = [];
  return {
    async configure(config) {
      const shared = shareParts(options, config, running);
      links = linkUpstreams(links, { config, options, running, tokens });
      const [only] = links.map((link) => joinLink(link, shared));
      if (only === undefined) throw new Error("there is no upstream");
      const selectRoute = selectByTier(config, only.routeTo);
      const usual = Object.values(listTierRoutes(selectRoute)).map(({ profile }) => profile.protocol);
      await Promise.all([startHttpThread(), only.wires.load([...new Set(usual)])]);
      return createCarrier(only);
    },
    giveUpCalls: () => giveUpCalls(running),
    waitForLastCall: () => waitForLastCall(running),
    close: () => tokens.close(),
  };
}

function createCounter({ config, logger, mayStartTokenizer, quietMs }: RelayOptions): TokenCounter {
  const [first] = listUpstreams(config);
  return createTokenCounter({
    calibrationFilePath: join(config.stateFolder, calibrationFile),
    formerCalibrationPaths: config.formerStateFolders.map((folder) => join(folder, calibrationFile)),
    upstreamHost: first === undefined ? "" : new URL(first.baseUrl).host,
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    tokenizer: createTokenizer(mayStartTokenizer === undefined ? {} : { mayStart: mayStartTokenizer }),
    ...(quietMs === undefined ? {} : { quietMs }),
  });
}

function shareParts(
  { logger, takeTurn, newId, lingerMs = defaultLingerMs }: RelayOptions,
  config: Config,
  running: Set<() => void>,
): SharedDependencies {
  return { config, logger, takeTurn, newId, running, lingerMs };
}

/** The links to the upstreams of a configuration: those of before where nothing has changed. */
function linkUpstreams(
  before: readonly UpstreamLink[],
  {
    config,
    options,
    running,
    tokens,
  }: { config: Config; options: RelayOptions; running: Set<() => void>; tokens: TokenCounter },
): UpstreamLink[] {
  const { refererUrl, appName } = config;
  const { version, limits, protocols } = options;
  return listUpstreams(config).map((settings) => {
    const identity = { settings, refererUrl, appName };
    const known = before.find((link) => Bun.deepEquals(link.identity, identity));
    if (known !== undefined) return known;
    return createLink({
      ...identity,
      running,
      tokens: tokens.at(new URL(settings.baseUrl).host),
      loaders: { ...protocolLoaders, ...protocols },
      version,
      ...(limits === undefined ? {} : { limits }),
    });
  });
}
