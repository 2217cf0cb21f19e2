import type { Config } from "../config/config.ts";
import { listSecrets } from "../config/list-upstreams.ts";
import { spareRequests } from "../config/request-limit.ts";
import type { RelayOptions } from "../relay/create-relay.ts";
import type { Team } from "../team/team.ts";
import { createTurns } from "../turns/turns.ts";
import { startHttpThread } from "../upstream/start-http-thread.ts";
import { type Admission, createAdmission } from "./admission.ts";
import { createApp } from "./app.ts";
import type { RequestLimits } from "./clients/request-limits.ts";
import type { ConfigState } from "./config-state.ts";
import {
  canOpenDescriptors,
  createDescriptorCheck,
  requestsByDescriptors,
  spareDescriptors,
} from "./descriptors.ts";
import { defaultStreamPace, type StreamPace } from "./event-stream-response.ts";
import { createLateRelays } from "./late-relays.ts";
import { listen } from "./listen.ts";
import { loadSetups } from "./load-setups.ts";
import type { Watching } from "./middleware/request-context.ts";
import { ownHosts, urlHost } from "./own-hosts.ts";
import { createPauseCollector } from "./pause-collector.ts";
import { randomId } from "./random-id.ts";
import { keepRequestHistory } from "./request-history.ts";
import { loadApiHandlers } from "./routes/api.ts";
import { startObserving } from "./start-observing.ts";
import { createStops, defaultTimes, type StopTimes } from "./stop-server.ts";
import { defaultUploadLimits, type UploadLimits } from "./upload-limits.ts";

export interface ProxyOptions
  extends Pick<
      RelayOptions,
      "config" | "logger" | "version" | "protocols" | "limits" | "lingerMs" | "quietMs" | "asksForModels"
    >,
    Partial<StopTimes> {
  /** Values that nothing may show, beside those of the configuration. */
  secrets?: readonly string[];
  /** Shorter times, for tests. */
  pace?: Partial<StreamPace>;
  uploads?: Partial<UploadLimits>;
  /** How it stands with the configuration file, for those who ask; none without a file. */
  configState?: ConfigState;
  /** More that look at requests from the side, and another way of keeping bodies, for tests. */
  watching?: Partial<Watching>;
  /** Loads what serves messages before it listens; default: behind that, by `prepare` or the first message. */
  preparesFirst?: boolean;
  /** How many requests this process can send at the same time; default: Bun's own default. */
  fetchLimit?: number;
}

export interface RunningProxy {
  /** `http://<host>:<port>` */
  url: string;
  port: number;
  /** Requests that are still being answered. */
  readonly pendingRequests: number;
  /** Loads what the first request would otherwise wait for. Nobody has to wait for this. */
  prepare(): Promise<void>;
  /** Takes another configuration for the requests that come from now on; running ones finish as they began. */
  reconfigure(config: Config): Promise<void>;
  /**
   * Says that it will stop, and after a delay, if there is one, accepts no new request, lets the running ones finish,
   * by default for up to 30 seconds, then ends them with an error.
   */
  stop(): Promise<void>;
  /** Ends everything at once, and gives interrupted requests a moment to write their records. */
  stopNow(): Promise<void>;
}

/** Bun's limit if `BUN_CONFIG_MAX_HTTP_REQUESTS` is not set. */
export const defaultFetchLimit = 256;

/** Assembles the parts and listens. Throws ListenError when it cannot listen on the address. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { config } = options;
  const hosts = new Set<string>();
  const { admission, collector } = createGate(options);
  const { app, relays, observing, prepare, reconfigure, team } = await compose(options, { hosts, admission });
  const answer = createAnswerer(app, team);
  const checkDescriptors = createDescriptorCheck(() => server.closeIdleConnections());
  const server = await listen(config, (request, bunServer) => {
    checkDescriptors();
    return answer(request, (of, seconds) => bunServer.timeout(of, seconds));
  });
  const port = server.port ?? config.port;
  for (const host of ownHosts(config.host, port)) hosts.add(host);
  team?.announce(`${urlHost(config.host)}:${port}`);

  return {
    url: `http://${urlHost(config.host)}:${port}`,
    port,
    prepare,
    reconfigure,
    get pendingRequests() {
      return server.pendingRequests;
    },
    ...createStops(
      { server, admission, collector, relays, observing, team },
      { ...defaultTimes, ...options },
    ),
  };
}

/** Creates what admits requests, and what follows when none runs. */
function createGate({ config, fetchLimit = defaultFetchLimit, quietMs }: ProxyOptions) {
  const collector = createPauseCollector(() => admission.running, quietMs === undefined ? {} : { quietMs });
  // Requests beyond the number that Bun sends at once would silently wait for each other.
  const limit = Math.min(config.maxConcurrentRequests, fetchLimit - spareRequests, requestsByDescriptors());
  const admission = createAdmission(limit, { onEnd: collector.noteEnd });
  return { admission, collector };
}

/** Whoever is a client of a shared database is not known in the first moments of the first start: those wait. */
function createAnswerer(app: Composed["app"], team: Team | null) {
  type SetIdleSeconds = (request: Request, seconds: number) => void;
  return (request: Request, setIdleSeconds: SetIdleSeconds): Response | Promise<Response> => {
    const answer = () => app.fetch(request, { setIdleSeconds });
    const waiting = team === null ? null : team.whenKnown();
    return waiting === null ? answer() : waiting.then(answer);
  };
}

type Composed = Awaited<ReturnType<typeof compose>>;

/** Creates the app and everything it depends on. `hosts` is filled once the port is known. */
async function compose(
  { logger: givenLogger, ...options }: ProxyOptions,
  parts: { hosts: Set<string>; admission: Admission },
) {
  const { config: firstConfig, version } = options;
  const httpThread = startHttpThread();
  const { history, logger, addSecrets } = keepRequestHistory(givenLogger, listSecrets(firstConfig));
  const secrets = [...(options.secrets ?? []), ...listSecrets(firstConfig)];
  const instanceId = randomId("ins");
  const observing = await startObserving({ config: firstConfig, logger, version, instanceId, secrets });
  const takeTurn = createTurns();
  const relays = createLateRelays({
    ...options,
    logger,
    takeTurn,
    newId: randomId,
    mayStartTokenizer: () => canOpenDescriptors(spareDescriptors),
  });
  const { setups, team, reconfigure } = await loadSetups(firstConfig, {
    instanceId,
    version,
    logger,
    relays,
    async prepare(config) {
      addSecrets(listSecrets(config));
      observing.addSecrets(listSecrets(config));
      await observing.reconfigure(config);
    },
  });
  const watching = {
    observers: [...observing.observers, ...(options.watching?.observers ?? [])],
    keepBodies: options.watching?.keepBodies ?? observing.keepBodies,
  };
  const deps = {
    setup: setups.current,
    configState: options.configState ?? null,
    requestLimits: await loadRequestLimits(firstConfig, team),
    describeTeam: () => team?.state ?? null,
    logger,
    history,
    observing,
    describeHealth: () => relays.describeHealth(),
    version,
    ...parts,
    takeTurn,
    pace: { ...defaultStreamPace, ...options.pace },
    uploads: { ...defaultUploadLimits, ...options.uploads },
    now: () => new Date(),
    newId: randomId,
  };
  const app = createApp(deps, options.watching === undefined ? observing : watching);
  const prepare = async () => {
    await Promise.all([setups.prepare(), loadApiHandlers()]);
  };
  if (options.preparesFirst === true) await prepare();
  await httpThread;
  return { app, relays, observing, prepare, reconfigure, team };
}

/** Only clients of a configuration file and of a shared database have limits. */
async function loadRequestLimits({ file }: Config, team: Team | null): Promise<RequestLimits | null> {
  if (file === null && team === null) return null;
  const { createRequestLimits } = await import("./clients/request-limits.ts");
  return createRequestLimits(
    () => performance.now(),
    () => team?.state.instances ?? 1,
  );
}
