import { ApiError } from "../anthropic/api-error.ts";

/** A body that is being read. */
export interface Upload {
  /** Takes room for bytes that have come. Throws ApiError 529 when bodies fill all the room there is for them. */
  take(bytes: number): void;
  /** Gives the room back. */
  end(): void;
}

/** Counts the requests that run, and lets no more of them run than the machine and the upstream can bear. */
export interface Admission {
  /** Requests that were let in and have not ended. */
  readonly running: number;
  /**
   * Begins to read a body, which is not counted as a request yet: one that comes drop by drop would take the place of
   * one that is ready.
   */
  beginUpload(): Upload;
  /**
   * Lets a request in and returns what has to be called at its end. Throws ApiError 529 at once when there are
   * too many, because a client that waits in silence cannot tell a full server from a broken one.
   */
  enter(): () => void;
  /** Lets nobody in any more: the server stops. */
  close(): void;
}

/** Bytes that all bodies together may hold while they are read: eight of the largest, or five hundred of an agent's. */
const defaultUploadBytes = 256 * 1024 * 1024;

/** Clients add their own patience to this; a place becomes free whenever an answer ends. */
const retryAfterSeconds = "2";

/** Creates the count of one server, which lets `limit` requests run at the same time, beside bodies of `uploadBytes`. */
export function createAdmission(limit: number, uploadBytes = defaultUploadBytes): Admission {
  let running = 0;
  let uploadedBytes = 0;
  let isOpen = true;
  const refusal = (reason: string) =>
    new ApiError("overloaded_error", `claude-proxy ${reason}; please try again`, {
      headers: { "retry-after": retryAfterSeconds },
    });
  return {
    get running() {
      return running;
    },
    beginUpload() {
      let takenBytes = 0;
      return {
        take(bytes) {
          if (uploadedBytes + bytes > uploadBytes)
            throw refusal("is reading as many bodies as it has room for");
          takenBytes += bytes;
          uploadedBytes += bytes;
        },
        end() {
          uploadedBytes -= takenBytes;
          takenBytes = 0;
        },
      };
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
