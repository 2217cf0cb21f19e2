import type { TracedSend } from "../../record/request-trace.ts";
import type { SendNotes, SendWatch, SentMessage } from "../../upstream/send-watch.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";
import type { Exchange } from "../exchange.ts";
import { type Asker, buildRecordedHead } from "./build-recorded-head.ts";

/** Where a request is sent. */
export interface TracedPlace extends Asker {
  /** The name of the upstream, as people know it. */
  upstream: string;
  model: string;
  /** Which of several keys it is, from 1; null where there is one or none. */
  keyNumber: number | null;
}

/** Creates what notes the sends to one place in the trace of their request. Holds no conversation. */
export function traceSends(exchange: Exchange, place: TracedPlace): SendWatch {
  return new SendTracer(exchange, place);
}

class SendTracer implements SendWatch {
  readonly #exchange: Exchange;
  readonly #place: TracedPlace;

  constructor(exchange: Exchange, place: TracedPlace) {
    this.#exchange = exchange;
    this.#place = place;
  }

  begin({ url, headers, body }: SentMessage): SendNotes {
    const { trace } = this.#exchange;
    const { upstream, model, keyNumber: key } = this.#place;
    const startMs = this.#exchange.elapsedMs();
    const send: TracedSend = { upstream, model, key, startMs, ms: null, status: null, error: null };
    trace.sends.push(send);
    trace.sentBytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    const asker = this.#place;
    // It may wait for long, and holds no conversation.
    trace.bodies?.beginSend(() => buildRecordedHead({ url, headers }, asker));
    trace.bodies?.add("upstream-request", body);
    return new TracedNotes(this.#exchange, send);
  }
}

class TracedNotes implements SendNotes {
  readonly #exchange: Exchange;
  readonly #send: TracedSend;

  constructor(exchange: Exchange, send: TracedSend) {
    this.#exchange = exchange;
    this.#send = send;
  }

  noteHead(status: number): void {
    this.#send.status = status;
    this.#noteTime();
  }

  noteFailure(error: UpstreamError): void {
    this.#noteTime();
    this.#exchange.noteSendFailure(error);
  }

  addPiece(piece: string | Uint8Array): void {
    const { trace } = this.#exchange;
    trace.receivedBytes += typeof piece === "string" ? Buffer.byteLength(piece) : piece.byteLength;
    // The rest of an answer that was given up may come when the next one is asked for.
    if (trace.sends.at(-1) === this.#send) trace.bodies?.add("upstream-response", piece);
  }

  #noteTime(): void {
    this.#send.ms = this.#exchange.elapsedMs() - this.#send.startMs;
  }
}
