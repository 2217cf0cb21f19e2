import { ApiError } from "../anthropic/api-error.ts";

/** A request body that is being read. */
export interface Upload {
  /**
   * Reserves room for bytes that have arrived. Throws ApiError 529 when request bodies already fill all the room there
   * is, and RangeError for a value that is no byte count: it would make the room vanish or become endless.
   */
  take(bytes: number): void;
  /** Releases the room. Nothing can be taken after that. */
  end(): void;
}

/** Counts the running requests, and admits no more of them than the machine and the upstream can bear. */
export interface Admission {
  /** Requests that were admitted and have not ended. */
  readonly running: number;
  /** Whether new requests are welcome: until the server is told to stop, which may be a while before it refuses any. */
  readonly isReady: boolean;
  /**
   * Begins reading a body. It does not count as a request yet: a body that trickles in would take the place of one that
   * is ready. When the server stops before the body is complete, `refuse` is called with an ApiError 529. Throws the
   * same error if the server has already stopped.
   */
  beginUpload(refuse: (error: ApiError) => void): Upload;
  /**
   * Admits a request and returns the function to call at its end. Throws ApiError 529 at once when there are too many,
   * because a client that waits in silence cannot distinguish a full server from a broken one.
   */
  enter(): () => void;
  /** From now on requests are not welcome any more; they are still admitted. */
  announceClose(): void;
  /** Admits nobody any more, and refuses the bodies that are still being read, because the server stops. */
  close(): void;
}

/**
 * Bytes that all bodies together may occupy while they are read: eight of the largest, or five hundred of an agent's.
 */
export const defaultUploadBytes = 256 * 1024 * 1024;

/** Clients wait at least this long; a place becomes free whenever an answer ends. */
const retryAfterSeconds = "2";

export interface AdmissionOptions {
  /** Bytes that all bodies being read may occupy together. */
  uploadBytes?: number;
  /** Called when a request or an upload has ended. */
  onEnd?: () => void;
}

function refusal(reason: string): ApiError {
  return new ApiError("overloaded_error", `claude-proxy ${reason}; please try again`, {
    headers: { "retry-after": retryAfterSeconds },
  });
}

/** Creates the room that all bodies share while they are read, and of which each takes its part. */
function createUploadRoom(roomBytes: number): { begin(onEnd: () => void): Upload } {
  let uploadedBytes = 0;
  return {
    begin(onEnd) {
      let takenBytes = 0;
      let isEnded = false;
      return {
        take(bytes) {
          if (!(bytes >= 0)) throw new RangeError(`no number of bytes: ${bytes}`);
          // The reader was stopped, but may still receive one more piece.
          if (isEnded) return;
          if (uploadedBytes + bytes > roomBytes) throw refusal("has no room for more request bodies");
          takenBytes += bytes;
          uploadedBytes += bytes;
        },
        end() {
          isEnded = true;
          uploadedBytes -= takenBytes;
          takenBytes = 0;
          onEnd();
        },
      };
    },
  };
}

/** Creates the admission of one server, which lets `limit` requests run at the same time. */
export function createAdmission(
  limit: number,
  { uploadBytes = defaultUploadBytes, onEnd = () => {} }: AdmissionOptions = {},
): Admission {
  let running = 0;
  const room = createUploadRoom(uploadBytes);
  const refusals = new Set<(error: ApiError) => void>();
  let isReady = true;
  let isOpen = true;
  return {
    get running() {
      return running;
    },
    get isReady() {
      return isReady;
    },
    beginUpload(refuse) {
      if (!isOpen) throw refusal("is stopping");
      refusals.add(refuse);
      return room.begin(() => {
        refusals.delete(refuse);
        // This upload may never become a request. Then nothing else reports its end.
        onEnd();
      });
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
    announceClose() {
      isReady = false;
    },
    close() {
      isReady = false;
      isOpen = false;
      for (const refuse of refusals) refuse(refusal("is stopping"));
      refusals.clear();
    },
  };
}
