import { ApiError } from "../../anthropic/api-error.ts";
import type { ClientSettings } from "../../config/file-config.ts";

/** How much of a limit is this instance's, where several share the clients. */
interface Share {
  readonly limit: number;
  /** The instances that live, this one among them. */
  readonly instances: number;
}

const minuteMs = 60_000;

/** How many requests each client has sent within the last minute; outlives a change of the configuration. */
export interface RequestLimits {
  /**
   * Counts a request of the client. Throws a `rate_limit_error` with `retry-after` if the client has used up its limit;
   * a request that is refused is not counted.
   */
  admit(client: ClientSettings): void;
}

/**
 * Creates the limits: within any minute at most as many requests of a client as its `requests_per_minute`, or an equal
 * share of them where several instances have the same clients: rounded up, as no instance may refuse everything.
 * @param nowMs a clock that is never set back
 * @param countInstances how many instances live, this one among them
 */
export function createRequestLimits(
  nowMs: () => number,
  countInstances: () => number = () => 1,
): RequestLimits {
  /** By the clients' names, the times of their requests, oldest first. */
  const timesOf = new Map<string, number[]>();

  return {
    admit({ name, requestsPerMinute }) {
      // What came before its limit was set is not counted against it.
      if (requestsPerMinute === null) return void timesOf.delete(name);
      const instances = countInstances();
      const limit = Math.ceil(requestsPerMinute / instances);
      const now = nowMs();
      const times = timesOf.get(name) ?? [];
      timesOf.set(name, times);
      // Not a new list for each request: it may hold thousands.
      const firstCounted = times.findIndex((time) => now - time < minuteMs);
      times.splice(0, firstCounted === -1 ? times.length : firstCounted);
      if (times.length < limit) {
        times.push(now);
        return;
      }
      // The limit may have been lowered: then more than one of them must be over.
      const oldest = times[times.length - limit] ?? now;
      throw refuse(
        name,
        { limit: requestsPerMinute, instances },
        Math.max(1, Math.ceil((oldest + minuteMs - now) / 1000)),
      );
    },
  };
}

/** Claude Code waits as long as `retry-after` says and sends the request again. */
function refuse(name: string, { limit, instances }: Share, waitSeconds: number): ApiError {
  const requests = limit === 1 ? "1 request" : `${limit} requests`;
  const share =
    instances === 1 ? "" : `, ${Math.ceil(limit / instances)} of them at each of ${instances} instances`;
  const wait = waitSeconds === 1 ? "1 second" : `${waitSeconds} seconds`;
  return new ApiError(
    "rate_limit_error",
    `claude-proxy: the client ${name} may send ${requests} a minute${share} (requests_per_minute). Try again in ${wait}.`,
    { headers: { "retry-after": String(waitSeconds) } },
  );
}
