import { z } from "zod";
import type { Config } from "../config/config.ts";

const time = z.iso.datetime().transform((text) => new Date(text));

const proxyAnswer = z.object({
  name: z.literal("claude-proxy"),
  version: z.string(),
  started_at: time,
  running_requests: z.number(),
});

const proxyDetails = z.object({
  upstream: z.string(),
  models: z.object({ big: z.string(), medium: z.string(), small: z.string() }),
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
});

export interface ProxyAnswer {
  readonly version: string;
  readonly startedAt: Date;
  readonly runningRequests: number;
}

/** What it asks of whom, and what failed last; texts are as they came. */
export type ProxyDetails = Readonly<z.infer<typeof proxyDetails>>;

const limitMs = 3000;

/** A server that listens at every address is reached at the loopback one. */
const everyAddress = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);

/** Where a program on this machine reaches the proxy of these settings; without a slash at the end. */
export function formatLocalUrl({ host, port }: Pick<Config, "host" | "port">): string {
  const name = everyAddress.get(host) ?? host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/**
 * Asks a proxy how it is.
 * @param url as from `formatLocalUrl`
 * @returns null when nothing answers there within three seconds, or something that is no claude-proxy
 */
export async function askProxy(url: string): Promise<ProxyAnswer | null> {
  const answer = proxyAnswer.safeParse(await fetchJson(`${url}/`));
  if (!answer.success) {
    return null;
  }
  const { version, started_at: startedAt, running_requests: runningRequests } = answer.data;
  return { version, startedAt, runningRequests };
}

/**
 * Asks a proxy what only its clients may know.
 * @param clientKey its PROXY_API_KEY; null when it has none
 * @returns null when it does not tell, as without the right key
 */
export async function askProxyDetails(url: string, clientKey: string | null): Promise<ProxyDetails | null> {
  const headers = clientKey === null ? {} : { "x-api-key": clientKey };
  return proxyDetails.safeParse(await fetchJson(`${url}/status`, headers)).data ?? null;
}

/** Null when there is nobody, who takes too long or says what is no JSON: each means that no proxy answers. */
async function fetchJson(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  try {
    // Never by way of an HTTP_PROXY: it is a server on this machine.
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.timeout(limitMs),
      redirect: "manual",
      proxy: "",
    });
    return await response.json();
  } catch {
    return null;
  }
}
