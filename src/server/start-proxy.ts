import type { Config } from "../config/config.ts";
import { spareRequests } from "../config/request-limit.ts";
import { createRelay, type RelayOptions } from "../relay/create-relay.ts";
import { apiErrorOf } from "../relay/report-thrown.ts";
import { createTurns } from "../turns/turns.ts";
import { type Admission, createAdmission } from "./admission.ts";
import { createApp } from "./app.ts";
import {
  canOpenDescriptors,
  createDescriptorCheck,
  requestsByDescriptors,
  spareDescriptors,
} from "./descriptors.ts";
import { defaultStreamPace, type StreamPace } from "./event-stream-response.ts";
import { ListenError } from "./listen-error.ts";
import { ownHosts, urlHost } from "./own-hosts.ts";
import { createPauseCollector } from "./pause-collector.ts";
import { randomId } from "./random-id.ts";
import { renderError } from "./render-error.ts";
import { keepRequestHistory } from "./request-history.ts";
import { defaultUploadLimits, type UploadLimits } from "./upload-limits.ts";

export interface ProxyOptions
  extends Pick<
    RelayOptions,
    "config" | "logger" | "version" | "protocol" | "limits" | "lingerMs" | "quietMs"
  > {
  /** Shorter times, for tests. */
  pace?: Partial<StreamPace>;
  uploads?: Partial<UploadLimits>;
  drainMs?: number;
  lastWordMs?: number;
  /** How many requests this process can send at the same time; default what Bun does unless it is told otherwise. */
  fetchLimit?: number;
}

export interface RunningProxy {
  /** `http://<host>:<port>` */
  url: string;
  port: number;
  /** Requests whose answers are under way. */
  readonly pendingRequests: number;
  /** Takes no new request, lets the running ones finish for up to 30 seconds, then ends them with an error. */
  stop(): Promise<void>;
  /** Ends everything at once, and gives what was cut off a moment for its records. */
  stopNow(): Promise<void>;
}

export const defaultTimes = {
  /** What runs may take this long to end by itself when the server stops. */
  drainMs: 30_000,
  /** For a client to take its error event before it is cut off. */
  lastWordMs: 2_000,
} as const;
/** How often a server that stops looks whether an answer is still under way. */
const stopCheckMs = 50;
/** Without a word of `BUN_CONFIG_MAX_HTTP_REQUESTS`. */
export const defaultFetchLimit = 256;

/** Puts the parts together and listens. Throws ListenError when the address cannot be had. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { config } = options;
  const hosts = new Set<string>();
  // More requests than Bun sends at once would wait for each other without a word.
  const fetchLimit = (options.fetchLimit ?? defaultFetchLimit) - spareRequests;
  const collector = createPauseCollector(
    () => admission.running,
    options.quietMs === undefined ? {} : { quietMs: options.quietMs },
  );
  const limit = Math.min(config.maxConcurrentRequests, fetchLimit, requestsByDescriptors());
  const admission = createAdmission(limit, { onEnd: collector.noteEnd });
  const { app, relay } = compose(options, { hosts, admission });
  await relay.ready;
  const checkDescriptors = createDescriptorCheck(() => server.closeIdleConnections());
  const server = await listen(config, (request, bunServer) => {
    checkDescriptors();
    return app.fetch(request, {
      setIdleSeconds: (of: Request, seconds: number) => bunServer.timeout(of, seconds),
    });
  });
  const port = server.port ?? config.port;
  for (const host of ownHosts(config.host, port)) hosts.add(host);

  return {
    url: `http://${urlHost(config.host)}:${port}`,
    port,
    get pendingRequests() {
      return server.pendingRequests;
    },
    async stop() {
      const { drainMs, lastWordMs } = { ...defaultTimes, ...options };
      const cut = () => void server.stop(true);
      admission.close();
      collector.close();
      const timers = [
        setTimeout(relay.giveUpCalls, drainMs),
        setTimeout(cut, drainMs + lastWordMs),
        // Bun counts a request until the last byte of its answer is gone. What is left behind the last of them is half a
        // head, which would be waited for until its connection idles out.
        setInterval(() => {
          if (server.pendingRequests === 0) cut();
        }, stopCheckMs),
      ];
      await server.stop();
      for (const timer of timers) clearTimeout(timer);
      await relay.close();
    },
    async stopNow() {
      admission.close();
      collector.close();
      // Bun tells nobody whose connection it closes here.
      relay.giveUpCalls();
      void server.stop(true);
      void relay.close();
      await relay.waitForLastCall();
    },
  };
}

/** The app and everything it stands on. `hosts` is filled once the port is known. */
function compose(
  { logger: givenLogger, ...options }: ProxyOptions,
  parts: { hosts: Set<string>; admission: Admission },
) {
  const { config, version } = options;
  const { history, logger } = keepRequestHistory(
    givenLogger,
    [config.openaiApiKey, config.proxyApiKey ?? ""].filter((key) => key !== ""),
  );
  const takeTurn = createTurns();
  const relay = createRelay({
    ...options,
    logger,
    takeTurn,
    newId: randomId,
    mayStartTokenizer: () => canOpenDescriptors(spareDescriptors),
  });
  const app = createApp({
    config,
    relay,
    logger,
    history,
    version,
    ...parts,
    takeTurn,
    pace: { ...defaultStreamPace, ...options.pace },
    uploads: { ...defaultUploadLimits, ...options.uploads },
    now: () => new Date(),
    newId: randomId,
  });
  return { app, relay };
}

async function listen(
  { host, port }: Config,
  fetch: (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>,
): Promise<Bun.Server<undefined>> {
  try {
    // Bodies are limited by a middleware of ours: Bun's own limit answers without a body.
    return Bun.serve({
      hostname: host,
      port,
      fetch,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      // Bun's page for a failure shows source and folders; what gets here was thrown outside the app.
      development: false,
      // Without this, and out of development, Bun lets two servers share a port: each would get half the requests.
      reusePort: false,
      error: (thrown) => renderError(apiErrorOf(thrown), randomId("req")),
    });
  } catch (cause) {
    // Loaded here only: no start that goes well needs it.
    const { resolvesHost } = await import("./resolves-host.ts");
    if (!(await resolvesHost(host))) {
      throw new ListenError(
        "ENOTFOUND",
        `cannot listen on ${host}:${port}: no address is known for it`,
        cause,
      );
    }
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ListenError(code, `cannot listen on ${host}:${port}: ${reason}`, cause);
  }
}
