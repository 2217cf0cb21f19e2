import { createIdleLimit } from "./idle-limit.ts";
import { UpstreamError } from "./upstream-error.ts";

/** The body of an answer, read piece by piece. */
export interface AnswerBody {
  /** The next bytes, or null at the end. Throws UpstreamError (network, timeout, aborted). */
  read(): Promise<Uint8Array | null>;
  /** Gives up the rest of the body, and the connection with it. Does nothing after the end. */
  cancel(): void;
}

export interface AnswerBodyOptions {
  idleMs: number;
  /** `host[:port]` of the upstream. */
  host: string;
  /** The client's signal: tells an abort by us from a broken connection. */
  signal: AbortSignal;
  /** Ends the request. */
  abort: (reason: UpstreamError) => void;
}

/** Opens the body of `response` for reading, with a limit on the silence between two pieces. */
export function openAnswerBody(response: Response, options: AnswerBodyOptions): AnswerBody {
  const { idleMs, host, signal, abort } = options;
  const reader = response.body?.getReader();
  let isOver = reader === undefined;
  const idle = createIdleLimit(idleMs, () => {
    const text = `${host} sent nothing for ${idleMs / 1000} seconds`;
    abort(new UpstreamError("timeout", text, { phase: "idle", host }));
  });
  const end = (): void => {
    isOver = true;
    idle.end();
  };

  return {
    async read() {
      if (isOver || reader === undefined) return null;
      idle.startWaiting();
      try {
        const { done, value } = await reader.read();
        idle.stopWaiting();
        if (!done) return value;
        end();
        return null;
      } catch (cause) {
        end();
        throw bodyError(cause, host, signal);
      }
    },
    cancel() {
      if (isOver) return;
      end();
      abort(new UpstreamError("aborted", "The rest of the answer was not wanted", { phase: "body", host }));
    },
  };
}

function bodyError(cause: unknown, host: string, signal: AbortSignal): UpstreamError {
  if (signal.aborted) {
    return new UpstreamError("aborted", "The request was given up", { phase: "body", host, cause });
  }
  if (cause instanceof UpstreamError) return cause;
  const text = `The connection to ${host} broke: ${errorCode(cause)}`;
  return new UpstreamError("network", text, { phase: "body", host, cause });
}

/** The code of a system error, such as ECONNRESET, else the error's name. Never its text, which holds the URL. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" && error.code !== "" ? error.code : error.name;
}
