import { ApiError } from "../anthropic/api-error.ts";

/** A body that is being read. */
export interface Upload {
  /**
   * Takes room for bytes that have come. Throws ApiError 529 when bodies fill all the room there is for them, and
   * RangeError for what is no number of bytes: the room would be gone, or without end, from then on.
   */
  take(bytes: number): void;
  /** Gives the room back. Nothing can be taken any more. */
  end(): void;
}

/** Counts the requests that run, and lets no more of them run than the machine and the upstream can bear. */
export interface Admission {
  /** Requests that were let in and have not ended. */
  readonly running: number;
  /**
   * Begins to read a body, which is not counted as a request yet: one that comes drop by drop would take the place of
   * one that is ready. `refuse` is called with an ApiError 529 when the server stops meanwhile: what is not whole by
   * then has nothing to wait for. Throws the same when it has stopped already.
   */
  beginUpload(refuse: (error: ApiError) => void): Upload;
  /**
   * Lets a request in and returns what has to be called at its end. Throws ApiError 529 at once when there are
   * too many, because a client that waits in silence cannot tell a full server from a broken one.
   */
  enter(): () => void;
  /** Lets nobody in any more, and refuses the bodies that are being read: the server stops. */
  close(): void;
}

/** Bytes that all bodies together may hold while they are read: eight of the largest, or five hundred of an agent's. */
export const defaultUploadBytes = 256 * 1024 * 1024;

/** Clients add their own patience to this; a place becomes free whenever an answer ends. */
const retryAfterSeconds = "2";

export interface AdmissionOptions {
  /** What all bodies that are being read may hold together. */
  uploadBytes?: number;
  /** Called when a request or an upload has ended. */
  onEnd?: () => void;
}

/** Creates the count of one server, which lets `limit` requests run at the same time. */
export function createAdmission(
  limit: number,
  { uploadBytes = defaultUploadBytes, onEnd = () => {} }: AdmissionOptions = {},
): Admission {
  let running = 0;
  let uploadedBytes = 0;
  const refusals = new Set<(error: ApiError) => void>();
  let isOpen = true;
  const refusal = (reason: string) =>
    new ApiError("overloaded_error", `claude-proxy ${reason}; please try again`, {
      headers: { "retry-after": retryAfterSeconds },
    });
  return {
    get running() {
      return running;
    },
    beginUpload(refuse) {
      if (!isOpen) throw refusal("is stopping");
      let takenBytes = 0;
      let isEnded = false;
      refusals.add(refuse);
      return {
        take(bytes) {
          if (!(bytes >= 0)) throw new RangeError(`no number of bytes: ${bytes}`);
          // Its reader was told to stop, and may hear of one more piece.
          if (isEnded) return;
          if (uploadedBytes + bytes > uploadBytes) throw refusal("has no room for more request bodies");
          takenBytes += bytes;
          uploadedBytes += bytes;
        },
        end() {
          isEnded = true;
          refusals.delete(refuse);
          uploadedBytes -= takenBytes;
          takenBytes = 0;
          // Perhaps no request comes of it: then this is the last that is heard of it.
          onEnd();
        },
      };
    },
    enter() {
      if (!isOpen) throw refusal("is stopping");
      // guard: admission
      if (running >= limit) throw refusal(`is at its limit of ${limit} concurrent requests`);
      running += 1;
      let isIn = true;
      return () => {
        if (isIn) running -= 1;
        isIn = false;
        onEnd();
      };
    },
    close() {
      isOpen = false;
      for (const refuse of refusals) refuse(refusal("is stopping"));
      refusals.clear();
    },
  };
}
