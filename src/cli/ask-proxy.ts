import { z } from "zod";
import type { Config } from "../config/config.ts";
import { fetchSmallJson } from "../upstream/fetch-small-json.ts";

const time = z.iso.datetime().transform((text) => new Date(text));

const proxyAnswer = z.object({
  name: z.literal("claude-proxy"),
  version: z.string(),
  started_at: time,
  running_requests: z.number(),
});

/** What every proxy says. */
const history = {
  /** Only where there are caps. */
  budgets: z
    .array(
      z.object({ name: z.string(), spent_usd: z.number(), limit_usd: z.number(), ends_at: time.nullable() }),
    )
    .optional(),
  /** Null with RECORD=off; earlier versions do not say it. */
  record: z
    .object({
      path: z.string(),
      bytes: z.number(),
      bodies: z.string(),
      waiting: z.number(),
      lost: z.number(),
      fault: z.string().nullable(),
      /** Of a shared record: what waits on the proxy's disk, and since when the database takes nothing. */
      spooled: z.number().optional(),
      away_since: time.nullish(),
    })
    .nullish(),
  /** Only with a shared record. */
  team: z
    .object({
      database: z.string(),
      instances: z.number(),
      clients: z.number(),
      away_since: time.nullable(),
      fault: z.string().nullable(),
    })
    .optional(),
  requests: z.number(),
  failures: z.number(),
  last_failure: z
    .object({
      time,
      status: z.number(),
      type: z.string(),
      message: z.string(),
      model: z.string().nullable(),
    })
    .nullable(),
};

const onlyUpstream = z.object({
  upstream: z.string(),
  /** Earlier versions do not say it. */
  protocol: z.string().optional(),
  models: z.object({ big: z.string(), medium: z.string(), small: z.string() }),
  ...history,
});

const targets = z.array(z.string());

const configFile = z.object({
  upstreams: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      protocol: z.string(),
      profile: z.string(),
      keys: z.number(),
      passes_client_key: z.boolean(),
    }),
  ),
  cases: z.array(z.object({ when: z.record(z.string(), z.unknown()), to: targets })),
  routes: z.array(z.object({ asked: z.string(), to: targets })),
  clients: z.array(z.string()),
  config: z.object({
    path: z.string(),
    loaded_at: time.nullable(),
    problem: z.array(z.string()).nullable(),
    waiting_for_start: z.array(z.string()),
  }),
  ...history,
});

const proxyDetails = z.union([onlyUpstream, configFile]);

export interface ProxyAnswer {
  readonly version: string;
  readonly startedAt: Date;
  readonly runningRequests: number;
}

/** What a proxy with one upstream says of it; texts are unchanged. */
export type UpstreamDetails = Readonly<z.infer<typeof onlyUpstream>>;

/** What a proxy with a configuration file says of it; texts are unchanged. */
export type FileDetails = Readonly<z.infer<typeof configFile>>;

/** Where the proxy sends requests, and what failed last; texts are unchanged. */
export type ProxyDetails = Readonly<z.infer<typeof proxyDetails>>;

const limitMs = 3000;

/** A server that listens at every address is reached at the loopback one. */
const everyAddress = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);

/** The address at which programs on this machine reach the proxy with these settings; without a slash at the end. */
export function formatLocalUrl({ host, port }: Pick<Config, "host" | "port">): string {
  const name = everyAddress.get(host) ?? host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/**
 * Asks a proxy for its status.
 * @param url as from `formatLocalUrl`
 * @returns null if nothing answers there within three seconds, or if the answer is not from claude-proxy
 */
export async function askProxy(url: string): Promise<ProxyAnswer | null> {
  const answer = proxyAnswer.safeParse(await fetchFromProxy(`${url}/`));
  if (!answer.success) {
    return null;
  }
  const { version, started_at: startedAt, running_requests: runningRequests } = answer.data;
  return { version, startedAt, runningRequests };
}

/**
 * Asks a proxy for details that only its clients may know.
 * @param clientKey its PROXY_API_KEY, or the key of one of its clients; null if it has none
 * @returns null if it refuses, for example without the right key
 */
export async function askProxyDetails(url: string, clientKey: string | null): Promise<ProxyDetails | null> {
  // A proxy that passes on the credentials of its clients takes its key from the second header alone.
  const headers: Record<string, string> =
    clientKey === null ? {} : { "x-api-key": clientKey, "x-claude-proxy-key": clientKey };
  return proxyDetails.safeParse(await fetchFromProxy(`${url}/status`, headers)).data ?? null;
}

/** Larger than any answer of ours. */
const mostBytes = 8 * 1024 * 1024;

/** Undefined if nobody answers, if the answer takes too long, is too long or no JSON: each means that no proxy answers. */
function fetchFromProxy(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  return fetchSmallJson({
    url: new URL(url),
    headers,
    isLocal: true,
    maxMs: limitMs,
    maxBytes: mostBytes,
    controller: new AbortController(),
  });
}
