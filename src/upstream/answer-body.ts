import { errorCode } from "./error-code.ts";
import { createIdleLimit, type IdleLimit } from "./idle-limit.ts";
import type { SendNotes } from "./send-watch.ts";
import { UpstreamError } from "./upstream-error.ts";

/** The body of an answer, read piece by piece or at once. */
export interface AnswerBody {
  /** The next bytes, or null at the end. Throws UpstreamError (network, timeout, aborted). */
  read(): Promise<Uint8Array | null>;
  /** From now on calls the function with the bytes of each read, before they are given: as they go by. */
  watch(onBytes: (bytes: Uint8Array) => void): void;
  /**
   * The whole body as text, if nothing of it was read before. For one that is known to be short: the limit on silence
   * is one on all of it here. Takes half of what reading in pieces does. Throws as `read` does.
   */
  readText(): Promise<string>;
  /** The same as bytes. */
  readBytes(): Promise<Uint8Array>;
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
  /** Is told of all that is read; null or left out if nobody wants to know. */
  notes?: SendNotes | null;
}

/** Opens the body of `response` for reading, with a limit on the silence between two pieces. */
export function openAnswerBody(response: Response, options: AnswerBodyOptions): AnswerBody {
  return new ResponseBody(response, options);
}

class ResponseBody implements AnswerBody {
  readonly #options: AnswerBodyOptions;
  /** Opened when it is needed, as a response whose stream was looked at gives its text more slowly; and let go then. */
  #response: Response | null;
  #reader: ReturnType<typeof openReader> = null;
  #idle: IdleLimit;
  #isFirst = true;
  #isOver = false;
  #isCancelled = false;
  #onBytes: ((bytes: Uint8Array) => void) | null = null;

  constructor(response: Response, options: AnswerBodyOptions) {
    this.#options = options;
    this.#response = response;
    this.#idle = createSilenceLimit(options.firstMs, options);
  }

  watch(onBytes: (bytes: Uint8Array) => void): void {
    this.#onBytes = onBytes;
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#isOver) return null;
    if (this.#response !== null) {
      this.#reader = openReader(this.#response);
      this.#response = null;
    }
    if (this.#reader === null) return null;
    this.#idle.startWaiting();
    let bytes: Uint8Array | undefined;
    try {
      const { done, value } = await this.#reader.read();
      // A read that waits while the body is cancelled ends as if the body had.
      if (this.#isCancelled) throw new Error("cancelled");
      if (this.#isFirst) this.#endFirstWait();
      else this.#idle.stopWaiting();
      if (!done) bytes = value;
      else this.#end();
    } catch (cause) {
      this.#end();
      throw this.#errorOf(cause);
    }
    if (bytes === undefined) return null;
    this.#options.notes?.addPiece(bytes);
    this.#onBytes?.(bytes);
    return bytes;
  }

  async readText(): Promise<string> {
    return (await this.#readAll(this.#response?.text())) ?? "";
  }

  async readBytes(): Promise<Uint8Array> {
    return (await this.#readAll(this.#response?.bytes())) ?? new Uint8Array();
  }

  async #readAll<Content extends string | Uint8Array>(
    reading: Promise<Content> | undefined,
  ): Promise<Content | undefined> {
    this.#idle.startWaiting();
    try {
      const content = await reading;
      if (content !== undefined) this.#options.notes?.addPiece(content);
      return content;
    } catch (cause) {
      throw this.#errorOf(cause);
    } finally {
      this.#end();
    }
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#end();
    this.#isCancelled = true;
    // The body rejects when it has failed already. Its reader has that error, or does not read any more.
    (this.#reader ?? this.#response?.body)?.cancel().catch(() => {});
  }

  #endFirstWait(): void {
    const { firstMs, idleMs } = this.#options;
    this.#isFirst = false;
    this.#idle.end();
    if (idleMs !== firstMs) this.#idle = createSilenceLimit(idleMs, this.#options);
  }

  #end(): void {
    this.#isOver = true;
    this.#idle.end();
  }

  #errorOf(cause: unknown): UpstreamError {
    const { host, controller } = this.#options;
    if (cause instanceof UpstreamError) return cause;
    if (this.#isCancelled || controller.signal.aborted) {
      return new UpstreamError("aborted", "The request was given up", { phase: "body", host, cause });
    }
    const text = `The connection to ${host} broke: ${errorCode(cause)}`;
    return new UpstreamError("network", text, { phase: "body", host, cause });
  }
}

function createSilenceLimit(ms: number, { host, controller }: AnswerBodyOptions): IdleLimit {
  return createIdleLimit(ms, () => {
    const text = `${host} sent nothing for ${ms / 1000} seconds`;
    controller.abort(new UpstreamError("timeout", text, { phase: "idle", host }));
  });
}

function openReader({ body }: Response) {
  return body === null ? null : body.getReader();
}
