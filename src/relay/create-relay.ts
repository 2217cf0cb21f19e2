import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Target } from "../config/file-config.ts";
import { listSecrets, listUpstreams, upstreamAddress } from "../config/list-upstreams.ts";
import type { FetchedFacts } from "../knowledge/fetched-facts.ts";
import { createLearnedStore, type LearnedStore } from "../learned/learned-store.ts";
import { learnedFileName } from "../learned/lesson.ts";
import type { Logger } from "../logging/logger.ts";
import { createTextRedactor } from "../logging/redact-text.ts";
import { listTierRoutes, selectByTier } from "../routing/select-route.ts";
import { calibrationFileName } from "../tokens/calibration-file.ts";
import { createTokenCounter } from "../tokens/create-token-counter.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import { createTokenizer } from "../tokens/tokenizer.ts";
import type { StepRunner } from "../turns/run-steps.ts";
import type { UpstreamLimits } from "../upstream/upstream-limits.ts";
import { createCarrier } from "./carry-request.ts";
import type { FileState } from "./create-file-relay.ts";
import { createLink, joinLink, type UpstreamLink } from "./create-link.ts";
import { giveUpCalls, waitForLastCall } from "./end-calls.ts";
import type { TargetHealth } from "./failover/describe-health.ts";
import type { ModelOffer } from "./offered-model.ts";
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
  /** Whether upstreams are asked for their models: of a configuration file in the background; default: true. */
  asksForModels?: boolean;
  /** Shorter times, for tests. */
  limits?: Partial<UpstreamLimits>;
  lingerMs?: number;
  /** How long no request may have run before deferred work is done: learning from charges. */
  quietMs?: number;
}

/** What all relays of a server share, whatever configuration is in force: counts, running calls, what was learned. */
export interface RelayHost {
  /**
   * Creates the relay for a configuration. Relays that were created before go on
   * with theirs.
   */
  configure(config: Config): Promise<Relay>;
  /** Loads what the first request would otherwise wait for, for the configuration that is in force. */
  prepare(): Promise<void>;
  /** How the targets and keys are that were asked; nothing is known of them without a configuration file. */
  describeHealth(): TargetHealth[];
  /** Gives up all running calls to upstreams. */
  giveUpCalls(): void;
  /** Settles once no call runs any more, or after a short limit. */
  waitForLastCall(): Promise<void>;
  /** Takes over what others have learned about token counts, by the names of the calibration file. */
  adoptFactors(factors: ReadonlyMap<string, number>): void;
  /** Saves what was learned, and ends the background work. */
  close(): Promise<void>;
}

/** How long the usage may take to arrive after the finish reason (rule 4.2). */
export const defaultLingerMs = 5_000;

/** Assembles the parts that carry requests to the configured upstreams. */
export function createRelayHost(options: RelayOptions): RelayHost {
  const running = new Set<() => void>();
  const tokens = createCounter(options);
  let current = options.config;
  const store = createStore(options, () => current);
  let links: readonly UpstreamLink[] = [];
  let state: FileState | null = null;
  let loadUsualWires = async () => {};
  /** Of the only upstream, if anybody has asked for its models. */
  let facts: FetchedFacts | null = null;
  return {
    async configure(config) {
      current = config;
      const shared = shareParts(options, config, running);
      links = linkUpstreams(links, { config, options, running, tokens, store });
      if (config.file !== null) {
        // Loaded here, as a program without a configuration file needs none of it.
        const { createFileRelay } = await import("./create-file-relay.ts");
        const { asksForModels = true } = options;
        const made = createFileRelay(config.file, { links, shared, state, asksForModels });
        state = made.state;
        return loadLearnedFirst(made.relay, store);
      }
      const [only] = links.map((link) => {
        // A message asks nobody for a price: it is known once somebody has asked for the models.
        const priceOf = (model: string) => facts?.knownOf(link.settings, model).price ?? null;
        return joinLink(link, shared, { priceOf });
      });
      if (only === undefined) throw new Error("there is no upstream");
      const selectRoute = selectByTier(config, only.routeTo);
      const usual = Object.values(listTierRoutes(selectRoute)).map(({ profile }) => profile.protocol);
      loadUsualWires = () => only.wires.load([...new Set(usual)].filter((id) => id !== "anthropic"));
      // Loaded when somebody asks: most clients never do.
      const offerModels: ModelOffer = async (client) => {
        const { createFactsStore } = await import("./facts-store.ts");
        const { createTierOffer } = await import("./offer-tier-models.ts");
        facts ??= createFactsStore(shared, options.asksForModels ?? true);
        return createTierOffer(only, facts)(client);
      };
      const priceOf = ({ model }: Target) => only.priceOf(model);
      return loadLearnedFirst({ ...createCarrier(only), offerModels, priceOf }, store);
    },
    prepare: () => loadUsualWires(),
    describeHealth() {
      // A client can name a model after a secret.
      const redact = createTextRedactor(listSecrets(current));
      return (state?.describeHealth() ?? []).map((one) => ({ ...one, name: redact(one.name) }));
    },
    giveUpCalls: () => giveUpCalls(running),
    waitForLastCall: () => waitForLastCall(running),
    adoptFactors: tokens.adoptFactors,
    async close() {
      for (const fetched of [state?.fetched, facts]) fetched?.close();
      await Promise.all([tokens.close(), store.close(), state?.fetched.settled(), facts?.settled()]);
    },
  };
}

function createCounter({ config, logger, mayStartTokenizer, quietMs }: RelayOptions): TokenCounter {
  const [first] = listUpstreams(config);
  return createTokenCounter({
    calibrationFilePath: join(config.stateFolder, calibrationFileName),
    formerCalibrationPaths: config.formerStateFolders.map((folder) => join(folder, calibrationFileName)),
    upstreamHost: first === undefined ? "" : new URL(first.baseUrl).host,
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    tokenizer: createTokenizer(mayStartTokenizer === undefined ? {} : { mayStart: mayStartTokenizer }),
    ...(quietMs === undefined ? {} : { quietMs }),
  });
}

/** `config`: the configuration that is in force, whose secrets are taken out of what is kept. */
function createStore({ config: { stateFolder }, logger }: RelayOptions, config: () => Config): LearnedStore {
  return createLearnedStore({
    filePath: join(stateFolder, learnedFileName),
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    // Made when it is needed: something is learned once in a while.
    redact: (text) => createTextRedactor(listSecrets(config()))(text),
    now: Date.now,
  });
}

/** The same relay, which knows what was learned before: the file is read when somebody first asks for something. */
function loadLearnedFirst(relay: Relay, store: LearnedStore): Relay {
  return {
    ...relay,
    open(request, call) {
      const loading = store.load();
      return loading === null ? relay.open(request, call) : loading.then(() => relay.open(request, call));
    },
    async offerModels(client) {
      await store.load();
      return relay.offerModels(client);
    },
    count(request, call) {
      const loading = store.load();
      return loading === null ? relay.count(request, call) : loading.then(() => relay.count(request, call));
    },
  };
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
    store,
  }: {
    config: Config;
    options: RelayOptions;
    running: Set<() => void>;
    tokens: TokenCounter;
    store: LearnedStore;
  },
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
      lessons: store.ofUpstream(upstreamAddress(settings.baseUrl)),
      tokens: tokens.at(new URL(settings.baseUrl).host),
      loaders: { ...protocolLoaders, ...protocols },
      version,
      ...(limits === undefined ? {} : { limits }),
    });
  });
}
