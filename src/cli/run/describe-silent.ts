import { isLoopbackHost } from "../../config/is-loopback-host.ts";
import { isListening } from "../../upstream/can-connect.ts";
import type { ProxyDetails } from "../ask-proxy.ts";

/** A server of this machine takes a connection at once. */
const limitMs = 500;

/**
 * Says which servers of models on this machine are not running: Claude Code asks again and again, for minutes, before it
 * says a word.
 * @returns null if all of them listen
 */
export async function describeSilent(details: ProxyDetails): Promise<string | null> {
  const addresses = "upstreams" in details ? details.upstreams.map(({ url }) => url) : [details.upstream];
  const origins = new Set(
    addresses.flatMap((address) => {
      const url = URL.parse(address);
      return url !== null && isLoopbackHost(url.hostname) ? [url.origin] : [];
    }),
  );
  const listening = await Promise.all(
    Array.from(origins, async (origin) => ({ origin, is: await isListening(new URL(origin), limitMs) })),
  );
  const silent = listening.filter(({ is }) => !is).map(({ origin }) => origin);
  if (silent.length === 0) return null;
  return (
    `nothing listens at ${silent.join(", ")}, where models are asked for. Is the server running? ` +
    "Claude Code would try for minutes before it says so."
  );
}
