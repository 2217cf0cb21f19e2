import { type ApiError, buildErrorBody } from "../anthropic/api-error.ts";
import { encodeError, encodeEvent, encodeEvents } from "../anthropic/encode-sse.ts";
import type { AnswerOutcome, AnswerPiece, EventReader } from "../relay/relayed-answer.ts";
import { apiErrorOf } from "../relay/report-thrown.ts";
import { runEach } from "../relay/run-each.ts";

/** When a client gets a sign of life while the upstream is silent, and how long the client may read nothing. */
export interface StreamPace {
  /** After the request came in, while the upstream has not sent its head: old clients give up at 60 s. */
  headWithoutUpstreamMs: number;
  /** After the upstream's head, while it has not sent its first useful chunk. */
  headAfterUpstreamMs: number;
  /** Between two signs of life. */
  pingMs: number;
  /** A client that takes no byte for this long is cut off. Bun counts in steps of 4 s. */
  clientIdleSeconds: number;
}

export const defaultStreamPace: StreamPace = {
  headWithoutUpstreamMs: 15_000,
  headAfterUpstreamMs: 3_000,
  pingMs: 10_000,
  clientIdleSeconds: 120,
};

export interface EventStreamOptions {
  reader: EventReader;
  /** Of the response, beside those of every stream: asked for when the head is due, as it is then known who answers. */
  headers: () => Readonly<Record<string, string>>;
  requestId: string;
  /** How long ago the request came in. */
  elapsedMs: number;
  pace: StreamPace;
  /** Turns what the reader throws into what the client is told. */
  toApiError: (error: unknown) => ApiError;
  onFirstByte: () => void;
  /** Called with all bytes, as they are handed over. */
  onBytes: (bytes: Uint8Array) => void;
  /**
   * Called once, when the last event was handed over or the client went away, with the number of events that were: those
   * of the answer, without an error and the pings between them.
   */
  onEnd: (how: AnswerOutcome, events: number) => void;
  /** Called with an error thrown at the end, which no one else can receive any more. */
  onFailure: (thrown: unknown) => void;
}

/**
 * The answer as a stream of events. The head is not sent before the first useful event: an error that comes
 * before it is still an HTTP status, which clients retry. Only when the upstream takes too long does the head go
 * out with nothing but `message_start` and a ping behind it (rule 4.3).
 * Throws what the reader throws when the answer fails before the head.
 */
export async function buildEventStreamResponse(options: EventStreamOptions): Promise<Response> {
  const { reader } = options;
  const first = reader.read();
  const patience = createPatience(options);
  const head = await Promise.race([first, patience.ends]).finally(patience.stop);
  const isLate = head === "late";
  const begun = isLate ? reader.start() : head;
  // Before the body, which pings from the moment when it is made.
  const headers = new Headers({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
    "request-id": options.requestId,
    ...options.headers(),
    ...reader.passed?.headers,
  });
  const body = new EventBody(options, begun ?? [], isLate ? first : null);
  return new Response(new ReadableStream<Uint8Array>(body), { headers });
}

/** `ends` resolves when the client must not wait for its head any longer. */
function createPatience({ reader, elapsedMs, pace }: EventStreamOptions) {
  const { promise: ends, resolve } = Promise.withResolvers<"late">();
  const end = () => resolve("late");
  let isStopped = false;
  const timers = [setTimeout(end, Math.max(0, pace.headWithoutUpstreamMs - elapsedMs))];
  void reader.opened.then(() => {
    if (!isStopped) timers.push(setTimeout(end, pace.headAfterUpstreamMs));
  });
  const stop = () => {
    isStopped = true;
    for (const timer of timers) clearTimeout(timer);
  };
  return { ends, stop };
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Gives the bytes of the answer as the client takes them, and pings meanwhile. */
class EventBody implements Bun.UnderlyingSource<Uint8Array> {
  readonly #options: EventStreamOptions;
  readonly #encoder = new TextEncoder();
  #first: AnswerPiece;
  #next: Promise<AnswerPiece | null> | null;
  #sentAtMs = performance.now();
  #sentEvents = 0;
  #isEnded = false;
  #pings: ReturnType<typeof setInterval> | undefined;

  /** `pending` is a read that has begun already. */
  constructor(options: EventStreamOptions, first: AnswerPiece, pending: Promise<AnswerPiece | null> | null) {
    this.#options = options;
    this.#first = first;
    this.#next = pending;
  }

  start(controller: Controller): void {
    this.#options.onFirstByte();
    this.#sendPiece(controller, this.#first);
    this.#first = [];
    this.#pings = setInterval(() => {
      try {
        this.#sendPing(controller);
      } catch (thrown) {
        // Nobody else would catch it, and the program would end.
        this.#fail(controller, thrown);
      }
    }, this.#options.pace.pingMs / 4);
  }

  async pull(controller: Controller): Promise<void> {
    try {
      const piece = await (this.#next ?? this.#options.reader.read());
      this.#next = null;
      if (this.#isEnded) return;
      if (piece !== null) {
        this.#sendPiece(controller, piece);
        return;
      }
      controller.close();
      this.#end({ kind: "whole" });
    } catch (thrown) {
      this.#fail(controller, thrown);
    }
  }

  cancel(): void {
    this.#end({ kind: "client-gone" });
  }

  #sendPiece(controller: Controller, piece: AnswerPiece): void {
    if (piece instanceof Uint8Array) {
      this.#sentAtMs = performance.now();
      controller.enqueue(piece);
      this.#options.onBytes(piece);
      return;
    }
    this.#sentEvents += piece.length;
    this.#send(controller, encodeEvents(piece));
  }

  #send(controller: Controller, text: string): void {
    this.#sentAtMs = performance.now();
    const bytes = this.#encoder.encode(text);
    controller.enqueue(bytes);
    this.#options.onBytes(bytes);
  }

  #sendPing(controller: Controller): void {
    // A client that does not read needs no sign of life, and must not be made to hold them.
    const { desiredSize } = controller;
    const isReading = desiredSize !== null && desiredSize > 0;
    // guard: no ping inside an event that is passed on
    if (this.#isInsideEvent) return;
    if (isReading && performance.now() - this.#sentAtMs >= this.#options.pace.pingMs)
      this.#send(controller, encodeEvent({ type: "ping" }));
  }

  #fail(controller: Controller, thrown: unknown): void {
    if (this.#isEnded) return;
    const { toApiError, requestId, onFailure } = this.#options;
    // The client gets this error when `toApiError` throws.
    let error = apiErrorOf(thrown);
    const failures = runEach([
      () => {
        error = toApiError(thrown);
      },
      () => {
        // Of two names and of two lines of data in one event, clients take the last name: this one.
        const start = this.#isInsideEvent ? "\n" : "";
        this.#send(controller, start + encodeError(error, buildErrorBody(error, requestId)));
      },
      () => controller.close(),
      () => this.#end({ kind: "failed", error }),
    ]);
    failures.forEach(onFailure);
  }

  get #isInsideEvent(): boolean {
    return this.#options.reader.passed?.isInsideEvent === true;
  }

  #end(how: AnswerOutcome): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearInterval(this.#pings);
    const { onEnd, reader } = this.#options;
    onEnd(how, reader.passed?.events ?? this.#sentEvents);
  }
}
