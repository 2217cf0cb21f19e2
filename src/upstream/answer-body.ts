import { errorCode } from "./error-code.ts";
import { createIdleLimit } from "./idle-limit.ts";
import { UpstreamError } from "./upstream-error.ts";

/** The body of an answer, read piece by piece or at once. */
export interface AnswerBody {
  /** The next bytes, or null at the end. Throws UpstreamError (network, timeout, aborted). */
  read(): Promise<Uint8Array | null>;
  /**
   * The whole body as text, if nothing of it was read before. For one that is known to be short: the limit on silence
   * is one on all of it here. Takes half of what reading in pieces does. Throws as `read` does.
   */
  readText(): Promise<string>;
  /** Gives up the rest of the body, and the connection with it. Does nothing after the end. */
  cancel(): void;
}

export interface AnswerBodyOptions {
  /** For the first piece. */
  firstMs: number;
  /** For each of the others. */
  idleMs: number;
  /** `host[:port]` of the upstream. */
  host: string;
  /** The call's: aborted here, with the error as its reason, when the upstream is silent for too long. */
  controller: AbortController;
}

/** Opens the body of `response` for reading, with a limit on the silence between two pieces. */
export function openAnswerBody(answer: Response, options: AnswerBodyOptions): AnswerBody {
  const { firstMs, idleMs, host, controller } = options;
  // Opened when it is needed, as a response whose stream was looked at gives its text more slowly; and let go then.
  let response: Response | null = answer;
  let reader: ReturnType<typeof openReader> = null;
  let isOver = false;
  let isCancelled = false;
  const createLimit = (ms: number) =>
    createIdleLimit(ms, () => {
      const text = `${host} sent nothing for ${ms / 1000} seconds`;
      controller.abort(new UpstreamError("timeout", text, { phase: "idle", host }));
    });
  let idle = createLimit(firstMs);
  let isFirst = true;
  const end = (): void => {
    isOver = true;
    idle.end();
  };
  const bodyError = (cause: unknown): UpstreamError => {
    if (cause instanceof UpstreamError) return cause;
    if (isCancelled || controller.signal.aborted) {
      return new UpstreamError("aborted", "The request was given up", { phase: "body", host, cause });
    }
    const text = `The connection to ${host} broke: ${errorCode(cause)}`;
    return new UpstreamError("network", text, { phase: "body", host, cause });
  };

  return {
    async read() {
      if (isOver) return null;
      if (response !== null) {
        reader = openReader(response);
        response = null;
      }
      if (reader === null) return null;
      idle.startWaiting();
      try {
        const { done, value } = await reader.read();
        // A read that waits while the body is cancelled ends as if the body had.
        if (isCancelled) throw new Error("cancelled");
        if (isFirst) {
          isFirst = false;
          idle.end();
          if (idleMs !== firstMs) idle = createLimit(idleMs);
        } else idle.stopWaiting();
        if (!done) return value;
        end();
        return null;
      } catch (cause) {
        end();
        throw bodyError(cause);
      }
    },
    async readText() {
      idle.startWaiting();
      try {
        return (await response?.text()) ?? "";
      } catch (cause) {
        throw bodyError(cause);
      } finally {
        end();
      }
    },
    cancel() {
      if (isOver) return;
      end();
      isCancelled = true;
      // A body that has failed rejects, which is news to nobody: whoever reads was told, or does not read any more.
      (reader ?? response?.body)?.cancel().catch(() => {});
    },
  };
}

function openReader({ body }: Response) {
  return body === null ? null : body.getReader();
}
