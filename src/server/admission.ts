import { ApiError } from "../anthropic/api-error.ts";

/** Counts the requests that run, and lets no more of them run than the machine and the upstream can bear. */
export interface Admission {
  /** Requests that were let in and have not ended. */
  readonly running: number;
  /**
   * Lets a request in and returns what has to be called at its end. Throws ApiError 529 at once when there are
   * too many, because a client that waits in silence cannot tell a full server from a broken one.
   */
  enter(): () => void;
  /** Lets nobody in any more: the server stops. */
  close(): void;
}

/** Clients add their own patience to this; a place becomes free whenever an answer ends. */
const retryAfterSeconds = "2";

/** Creates the count of one server, which lets `limit` requests run at the same time. */
export function createAdmission(limit: number): Admission {
  let running = 0;
  let isOpen = true;
  const refusal = (reason: string) =>
    new ApiError("overloaded_error", `claude-proxy ${reason}; please try again`, {
      headers: { "retry-after": retryAfterSeconds },
    });
  return {
    get running() {
      return running;
    },
    enter() {
      if (!isOpen) throw refusal("is stopping");
      if (running >= limit) throw refusal(`runs ${limit} requests, the most that it runs at the same time`);
      running += 1;
      return () => {
        running -= 1;
      };
    },
    close() {
      isOpen = false;
    },
  };
}
