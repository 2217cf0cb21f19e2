import { ApiError } from "../../anthropic/api-error.ts";
import type { Candidate } from "./candidate.ts";
import type { RankedFailure } from "./choose-failure.ts";
import type { LeftOut } from "./target-queue.ts";

/**
 * What the client is told if nothing but this target was left, and it was not asked; null if it was only passed over,
 * which the last one never is.
 */
export function leftOutFailure(
  leftOut: LeftOut,
  { route, keys, concurrency }: Candidate,
): (RankedFailure & { error: ApiError }) | null {
  switch (leftOut.why) {
    case "passed-over":
      return null;
    case "full": {
      const said = `${route.upstream} already has the ${concurrency} requests at once that its concurrency allows; please try again`;
      return {
        status: 529,
        waitSeconds: null,
        wasSent: false,
        error: new ApiError("overloaded_error", said),
      };
    }
    case "no-key": {
      const { status, error, freeInSeconds } = leftOut.cooling;
      const { type, message, headers } = error;
      const said = `${message.replace(/\.$/, "")}. All ${keys.length} keys of ${route.upstream} were refused lately; the first may be used again in ${freeInSeconds} s`;
      const options = {
        status: error.status,
        headers: { ...headers, "retry-after": String(freeInSeconds) },
      };
      return {
        status,
        waitSeconds: freeInSeconds,
        wasSent: false,
        error: new ApiError(type, said, options),
      };
    }
  }
}
