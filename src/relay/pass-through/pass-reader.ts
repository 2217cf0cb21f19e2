import type { StreamEvent } from "../../anthropic/stream-event.ts";
import { type AnswerFacts, noFacts } from "../../protocols/anthropic/answer-facts.ts";
import { malformedAnswer } from "../../upstream/malformed-answer.ts";
import type { EventReader, PassedAnswer } from "../relayed-answer.ts";
import type { BegunAnswer } from "./begin-passed.ts";

export interface PassReaderOptions {
  /** Fetches the answer. Holds the request, so it is released as soon as the answer begins. */
  begin: () => Promise<BegunAnswer>;
  /** Of the upstream's headers, those that the client gets. */
  pickHeaders: (headers: Headers) => Record<string, string>;
  /** Settles when the upstream's response head has come. */
  opened: Promise<void>;
  /** Called with all bytes as they are given; null if nobody wants them. */
  onBytes: ((bytes: Uint8Array) => void) | null;
}

/**
 * Gives the bytes of one answer as they come, from the first event on that is no ping. Pull-driven: nothing is read
 * ahead.
 */
export class PassReader implements EventReader, PassedAnswer {
  readonly #options: Omit<PassReaderOptions, "begin">;
  #begin: (() => Promise<BegunAnswer>) | null;
  #answer: BegunAnswer | null = null;
  #headers: Readonly<Record<string, string>> = {};
  #isHeadSent = false;
  #isOver = false;
  #late: Promise<null> | null = null;

  constructor({ begin, ...options }: PassReaderOptions) {
    this.#options = options;
    this.#begin = begin;
  }

  get opened(): Promise<void> {
    return this.#options.opened;
  }

  get passed(): PassedAnswer {
    return this;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  get isInsideEvent(): boolean {
    if (this.#answer === null) return false;
    return this.#answer.kind === "whole" || this.#answer.watch.isInsideEvent;
  }

  get events(): number {
    return this.#answer?.kind === "events" ? this.#answer.watch.events : 0;
  }

  /** What is known of the answer so far. */
  get facts(): AnswerFacts {
    if (this.#answer === null) return noFacts;
    return this.#answer.kind === "whole" ? this.#answer.facts : this.#answer.watch.facts;
  }

  /** The head of the message is the upstream's: until it comes, the client gets a ping. */
  start(): StreamEvent[] {
    this.#isHeadSent = true;
    return [{ type: "ping" }];
  }

  /** Not async, because it runs for every piece of the answer. */
  read(): Promise<Uint8Array | null> {
    if (this.#begin !== null) return this.#readFirst(this.#begin);
    const answer = this.#answer;
    if (answer === null || answer.kind === "whole" || this.#isOver) return atEnd;
    const { watch, response } = answer;
    return watch.isOver ? this.#readLate(response) : response.body.read();
  }

  /** Gives up the rest of the upstream's answer. */
  cancel(): void {
    this.#isOver = true;
    this.#answer?.response.body.cancel();
  }

  async #readFirst(begin: () => Promise<BegunAnswer>): Promise<Uint8Array> {
    const answer = await begin();
    this.#begin = null;
    // A client to which the head of a stream was sent can read nothing else.
    if (this.#isHeadSent && answer.kind === "whole")
      throw malformedAnswer("The upstream answered a request for a stream with a whole message");
    this.#answer = answer;
    this.#headers = this.#options.pickHeaders(answer.response.headers);
    const { onBytes } = this.#options;
    onBytes?.(answer.bytes);
    if (answer.kind === "events") watchRest(answer, onBytes);
    return answer.bytes;
  }

  /** Some servers keep the connection open behind the last event, for which nobody waits. */
  async #readLate({ body, drainMs }: BegunAnswer["response"]): Promise<Uint8Array | null> {
    this.#late ??= Bun.sleep(drainMs).then(() => null);
    const bytes = await Promise.race([body.read(), this.#late]);
    if (bytes === null) this.cancel();
    return bytes;
  }
}

const atEnd = Promise.resolve(null);

/** The bytes are watched where they are read: a promise for each piece would cost as much as watching it. */
function watchRest(
  { watch, response }: Extract<BegunAnswer, { kind: "events" }>,
  onBytes: PassReaderOptions["onBytes"],
): void {
  response.body.watch((bytes) => {
    watch.push(bytes);
    onBytes?.(bytes);
  });
}
