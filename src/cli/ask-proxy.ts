import { z } from "zod";
import type { Config } from "../config/config.ts";

const proxyAnswer = z.object({
  name: z.literal("claude-proxy"),
  version: z.string(),
  uptime_seconds: z.number(),
});

export interface ProxyAnswer {
  readonly version: string;
  readonly startedAt: Date;
}

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
  let body: unknown;
  try {
    // Never by way of an HTTP_PROXY: it is a server on this machine.
    const response = await fetch(`${url}/`, {
      signal: AbortSignal.timeout(limitMs),
      redirect: "manual",
      proxy: "",
    });
    body = await response.json();
  } catch {
    // Nobody there, too slow, or no JSON: each means that no proxy answers.
    return null;
  }
  const answer = proxyAnswer.safeParse(body);
  if (!answer.success) {
    return null;
  }
  const { version, uptime_seconds: uptimeSeconds } = answer.data;
  return { version, startedAt: new Date(Date.now() - uptimeSeconds * 1000) };
}
