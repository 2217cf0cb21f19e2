import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import { findHttpProxy, usesHttpProxy } from "../config/find-http-proxy.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { spareRequests } from "../config/request-limit.ts";
import { createQuirkMemory } from "../learned/quirk-memory.ts";
import type { Logger } from "../logging/logger.ts";
import { giveUpCalls, waitForLastCall } from "../relay/end-calls.ts";
import { createRecogniser } from "../relay/recogniser.ts";
import { createRouteSelector } from "../routing/select-route.ts";
import { createTokenCounter } from "../tokens/create-token-counter.ts";
import { createTokenizer } from "../tokens/tokenizer.ts";
import { createTurns } from "../turns/turns.ts";
import { startHttpThread } from "../upstream/start-http-thread.ts";
import { createUpstreamClient } from "../upstream/upstream-client.ts";
import type { UpstreamLimits } from "../upstream/upstream-limits.ts";
import { type Admission, createAdmission } from "./admission.ts";
import { createApp } from "./app.ts";
import { collectInPauses } from "./collect-in-pauses.ts";
import {
  canOpenDescriptors,
  createDescriptorCheck,
  requestsByDescriptors,
  spareDescriptors,
} from "./descriptors.ts";
import { defaultStreamPace, type StreamPace } from "./event-stream-response.ts";
import { randomId } from "./random-id.ts";
import { apiErrorOf, renderError } from "./render-error.ts";
import { keepRequestHistory } from "./request-history.ts";
import { defaultUploadLimits, type UploadLimits } from "./upload-limits.ts";

export interface ProxyOptions {
  config: Config;
  logger: Logger;
  version: string;
  /** Shorter times, for tests. */
  pace?: Partial<StreamPace>;
  limits?: Partial<UpstreamLimits>;
  uploads?: Partial<UploadLimits>;
  lingerMs?: number;
  drainMs?: number;
  lastWordMs?: number;
  /** Without a request, before what can wait is done: learning from charges, giving memory back. */
  quietMs?: number;
  /** Keeps what charges teach about token counts in a file beside the log; default true. */
  keepsLearned?: boolean;
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
  stop(reason: "signal" | "end"): Promise<void>;
  /** Ends everything at once, and gives what was cut off a moment for its records. */
  stopNow(): Promise<void>;
}

/** The address cannot be listened on. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  /** `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` …; `ENOTFOUND` when no address is known for the host. */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export const defaultTimes = {
  /** The usage may take this long to come after the finish reason (rule 4.2). */
  lingerMs: 5_000,
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
  const httpThread = startHttpThread();
  const running = new Set<() => void>();
  const hosts = new Set<string>();
  // More requests than Bun sends at once would wait for each other without a word.
  const fetchLimit = (options.fetchLimit ?? defaultFetchLimit) - spareRequests;
  const admission = collectInPauses(
    createAdmission(Math.min(config.maxConcurrentRequests, fetchLimit, requestsByDescriptors())),
    options.quietMs === undefined ? {} : { quietMs: options.quietMs },
  );
  const { app, tokens } = compose(options, { running, hosts, admission });
  await httpThread;
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
      const timers = [
        setTimeout(giveUpCalls, drainMs, running),
        setTimeout(cut, drainMs + lastWordMs),
        // Bun counts a request until the last byte of its answer is gone. What is left behind the last of them is half a
        // head, which would be waited for until its connection idles out.
        setInterval(() => {
          if (server.pendingRequests === 0) cut();
        }, stopCheckMs),
      ];
      await server.stop();
      for (const timer of timers) clearTimeout(timer);
      await tokens.close();
    },
    async stopNow() {
      admission.close();
      // Bun tells nobody whose connection it closes here.
      giveUpCalls(running);
      void server.stop(true);
      void tokens.close();
      await waitForLastCall(running);
    },
  };
}

/** The app and everything it stands on. `hosts` is filled once the port is known. */
function compose(
  { config, logger: givenLogger, version, keepsLearned = true, ...times }: ProxyOptions,
  parts: { running: Set<() => void>; hosts: Set<string>; admission: Admission },
) {
  const { openaiApiKey: apiKey, proxyApiKey, baseUrl, refererUrl, appName } = config;
  const { history, logger } = keepRequestHistory(
    givenLogger,
    [apiKey, proxyApiKey ?? ""].filter((key) => key !== ""),
  );
  const tokens = createTokenCounter({
    calibrationFilePath: keepsLearned ? join(dirname(config.logFilePath), "token-calibration.json") : null,
    upstreamHost: new URL(config.baseUrl).host,
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
    tokenizer: createTokenizer({ mayStart: () => canOpenDescriptors(spareDescriptors) }),
    ...(times.quietMs === undefined ? {} : { quietMs: times.quietMs }),
  });
  const url = new URL(baseUrl);
  const isLocal = isLoopbackHost(url.hostname);
  const httpProxy = isLocal ? null : findHttpProxy(url);
  const recogniser = createRecogniser(config, parts.running);
  const limits = {
    ...(usesHttpProxy() && !isLocal ? { connectMs: null } : {}),
    firstByteMs: millisecondsOf(config.upstreamFirstByteSeconds),
    idleMs: millisecondsOf(config.upstreamIdleSeconds),
    ...times.limits,
  };
  const app = createApp({
    config,
    logger,
    history,
    version,
    tokens,
    ...parts,
    upstream: createUpstreamClient({
      baseUrl,
      apiKey,
      refererUrl,
      appName,
      version,
      limits,
      isLocal,
      httpProxy,
      onHead: recogniser.noteHead,
    }),
    selectRoute: createRouteSelector(config, () => recogniser.family),
    takeTurn: createTurns(),
    quirks: createQuirkMemory({ nowMs: () => performance.now() }),
    pace: { ...defaultStreamPace, ...times.pace },
    uploads: { ...defaultUploadLimits, ...times.uploads },
    lingerMs: times.lingerMs ?? defaultTimes.lingerMs,
    now: () => new Date(),
    newId: randomId,
  });
  return { app, tokens };
}

function millisecondsOf(seconds: number | null): number {
  return seconds === null ? Number.POSITIVE_INFINITY : seconds * 1000;
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

/** The values of `Host` for a server on loopback; none, which means any, for one that others reach by its own name. */
function ownHosts(host: string, port: number): string[] {
  if (!isLoopbackHost(host)) return [];
  const names = [...new Set([urlHost(host), "127.0.0.1", "localhost", "[::1]"])];
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}

function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
