import type { FetchTarget } from "./explain-fetch-error.ts";
import { type FetchCall, type FetchedAnswer, type FetchWay, fetchAnswer } from "./fetch-answer.ts";
import {
  defaultUpstreamLimits,
  extendLimits,
  type UpstreamLimits,
  type UsualLimits,
} from "./upstream-limits.ts";

/** How one upstream is reached, whatever is said to it. */
export interface FetcherOptions {
  limits?: Partial<UpstreamLimits>;
  /** The limits on silence that nobody has set: a call may ask for longer ones. */
  usualLimits?: UsualLimits;
  /** The upstream is on this machine, where an HTTP proxy from the environment could not find it. */
  isLocal?: boolean;
  /** Called with the head of every answer, whatever its status. */
  onHead?: (headers: Headers) => void;
  /** The HTTP proxy that leads to the upstream; null or left out if there is none. */
  httpProxy?: FetchTarget["httpProxy"];
  /** How this upstream alone is reached. */
  way?: FetchWay;
}

/** Where something is posted. */
export type Address = Pick<FetchCall, "url" | "href">;

interface PostedCall extends Pick<FetchCall, "headers" | "body" | "budget" | "watch" | "controller"> {
  address: Address;
  /** Seconds for which the upstream may be silent if no limit was set; null: no more than any other. */
  silenceSeconds: number | null;
}

/** Posts to the upstream: `fetchAnswer`, and the limits that hold for the answer. Throws as that does. */
export type Fetcher = (call: PostedCall) => Promise<{ fetched: FetchedAnswer; limits: UpstreamLimits }>;

/** Creates what posts to one upstream. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { usualLimits, isLocal = false, httpProxy = null, way = {}, onHead } = options;
  const ownLimits = { ...defaultUpstreamLimits, ...options.limits };
  let isFirst = true;
  return async ({ address: { url, href }, headers, body, budget, watch, controller, silenceSeconds }) => {
    const limits = extendLimits(ownLimits, usualLimits, silenceSeconds);
    const how = { limits, isLocal, httpProxy, way, isFirst, budget, watch, controller };
    const fetched = await fetchAnswer({ url, href, headers, body, ...how });
    isFirst = false;
    onHead?.(fetched.response.headers);
    return { fetched, limits };
  };
}

/** Most addresses that are remembered: a wire has two paths, and a client's query is one of two. */
const mostAddresses = 8;

/** Creates a function that gives the address of a path, or of what else it is known by: each is parsed once. */
export function rememberAddresses(makeUrl: (path: string) => URL): (path: string) => Address {
  const known = new Map<string, Address>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const url = makeUrl(path);
    const address = { url, href: url.href };
    if (known.size < mostAddresses) known.set(path, address);
    return address;
  };
}
