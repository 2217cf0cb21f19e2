import type { StreamEvent } from "../anthropic/stream-event.ts";
import type { AnswerWatch } from "../protocols/protocol.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { AnswerTranslator, UsageEstimate } from "../translate/answer/answer-translator.ts";
import type { Ending } from "../translate/answer/ending.ts";
import { nextTurn, waitForTurn } from "../turns/turns.ts";
import type { DecodedItem } from "../upstream/answer-decoder.ts";
import type { UpstreamAnswer } from "../upstream/upstream-client.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";
import type { AnswerReaderOptions } from "./answer-reader-options.ts";
import type { AnswerSender } from "./answer-sender.ts";
import { countUsage } from "./count-usage.ts";
import { Linger } from "./linger.ts";
import { filterLongEvents, isLongEvent } from "./long-events.ts";
import type { EventReader } from "./relayed-answer.ts";

/**
 * One read of the upstream may bring ten thousand calls: converting this many events in one turn takes some
 * milliseconds.
 */
const mostEventsAtOnce = 1000;

/** The result of one read. */
interface Pushed {
  events: StreamEvent[];
  /** How the answer has ended, or null while it goes on. */
  ending: Ending | null;
  /** The item that was pushed was long. */
  isLong?: boolean;
}

/**
 * Reads one answer from the upstream and returns its events, whatever form it comes in. Pull-driven: nothing is read
 * ahead, so a client that does not read makes the upstream wait.
 */
export class AnswerReader<Item> implements EventReader {
  readonly #options: AnswerReaderOptions<Item>;
  #send: AnswerSender<Item> | null;
  #noteTaken: (() => void) | null = null;
  readonly #opened = Promise.withResolvers<void>();
  /** Computed only when the translator reads it, which it does for the head. */
  readonly #guess: UsageEstimate;
  #translator: AnswerTranslator<Item>;
  #answer: UpstreamAnswer<Item> | null = null;
  #watch: AnswerWatch<Item>;
  /** Items that were read but not pushed yet. */
  #rest: readonly DecodedItem<Item>[] | null = null;
  /** The first item of the rest is a long one. */
  #isLongNext = false;
  #isOver = false;
  #hasRetried = false;
  readonly #linger: Linger;

  constructor(send: AnswerSender<Item>, options: AnswerReaderOptions<Item>) {
    this.#options = options;
    this.#send = send;
    this.#guess = {
      get inputTokens() {
        return options.guessInputTokens();
      },
      outputTokens: 0,
    };
    this.#translator = options.createTranslator(options.plan, false);
    this.#watch = options.createWatch();
    this.#linger = new Linger(options.lingerMs, () => this.#cancelSource());
  }

  /** The translator, for what is known of the answer. */
  get translator(): AnswerTranslator<Item> {
    return this.#translator;
  }

  /** Settles when the upstream's response head has come. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** The head of the message, for a client that cannot wait for the upstream any longer. */
  start(): StreamEvent[] {
    const events = this.#translator.start(this.#guess);
    this.#options.onEvents?.(events);
    return events;
  }

  /** The next events, at least one; null after the last. Throws UpstreamError when the answer fails. */
  async read(): Promise<StreamEvent[] | null> {
    for (;;) {
      if (this.#translator.failure !== null) await this.#askAgain(this.#translator.failure);
      if (this.#isOver) return null;
      const answer = this.#answer ?? (await this.#open());
      const {
        events: made,
        ending,
        isLong = false,
      } = answer.kind === "whole" ? this.#pushWhole(answer.item) : this.#push(await this.#readItems(answer));
      if (ending !== null) made.push(...(await this.#finish(ending)));
      if (this.#noteTaken !== null && this.#translator.isStarted && this.#translator.failure === null) {
        this.#noteTaken();
        this.#noteTaken = this.#send = null;
      }
      const events =
        isLong || (ending !== null && made.some(isLongEvent))
          ? await filterLongEvents(made, this.#options)
          : (this.#options.filterEvents?.filter(made) ?? made);
      if (events.length === 0) continue;
      this.#options.onEvents?.(events);
      return events;
    }
  }

  /** Gives up the rest of the upstream's answer. */
  cancel(): void {
    this.#isOver = true;
    this.#linger.stop();
    this.#cancelSource();
  }

  #cancelSource(): void {
    if (this.#answer?.kind === "events") this.#answer.source.cancel();
  }

  async #open(refusal?: UpstreamError): Promise<UpstreamAnswer<Item>> {
    if (this.#send === null) throw new Error("an answer that has begun cannot be asked for again");
    const { answer, newPlan, noteTaken } = await this.#send(refusal);
    this.#opened.resolve();
    this.#answer = answer;
    this.#noteTaken = noteTaken;
    if (newPlan !== null || refusal !== undefined) this.#beginWith(newPlan ?? this.#options.plan);
    return answer;
  }

  /**
   * A failure, in a success, that comes before anything else may be a refusal that a repair can end: then the answer to
   * the repaired request is read (rule 25.4). Throws the failure if it is none.
   */
  async #askAgain(failure: UpstreamError): Promise<void> {
    // Nobody needs the rest of what the upstream sends.
    this.#cancelSource();
    if (this.#send === null || this.#translator.isStarted || failure.kind !== "http") throw failure;
    await this.#open(failure);
  }

  /** Begins to read another answer than the one that gave nothing. */
  #beginWith(plan: AnswerPlan): void {
    this.#rest = null;
    this.#isLongNext = false;
    this.#watch = this.#options.createWatch();
    this.#translator = this.#options.createTranslator(plan, this.#translator.isStarted);
  }

  async #readItems(
    answer: UpstreamAnswer<Item> & { kind: "events" },
  ): Promise<readonly DecodedItem<Item>[] | null> {
    const rest = this.#rest;
    if (rest !== null) {
      this.#rest = null;
      await (this.#isLongNext ? waitForTurn(this.#options.takeTurn) : nextTurn());
      return rest;
    }
    try {
      return await answer.source.read();
    } catch (error) {
      // After the finish reason the answer is complete: if the connection breaks then, only the usage is lost.
      if (this.#linger.hasEnded || this.#translator.hasFinishReason) return null;
      throw error;
    }
  }

  #pushWhole(item: Item): Pushed {
    this.#options.onPiece?.(item);
    this.#watch.see(item);
    return { events: this.#translator.push(item, this.#guess), ending: "done" };
  }

  /**
   * Null means that the body has ended. Not async, like everything that runs for each chunk except the wait for the
   * upstream.
   */
  #push(items: readonly DecodedItem<Item>[] | null): Pushed {
    const events: StreamEvent[] = [];
    if (items === null) return { events, ending: this.#linger.hasEnded ? "stopped" : "end-of-body" };
    const mayBeLong = this.#isLongNext;
    this.#isLongNext = false;
    let isLong = false;
    let read = 0;
    const translator = this.#translator;
    const watch = this.#watch;
    for (const decoded of items) {
      if (events.length >= mostEventsAtOnce || isLong) {
        this.#rest = items.slice(read);
        break;
      }
      if (decoded.kind === "item" && decoded.isLong === true) {
        // A long item waits for a turn of its own: this turn has already decoded it, or pushed others.
        if (!mayBeLong || read > 0) {
          this.#isLongNext = true;
          this.#rest = items.slice(read);
          break;
        }
        isLong = true;
      }
      read += 1;
      if (decoded.kind === "done") return { events, ending: "done" };
      if (decoded.kind === "failure") {
        if (translator.hasFinishReason) return { events, ending: "done" };
        translator.fail(decoded.error);
        return { events, ending: null };
      }
      const { item } = decoded;
      this.#options.onPiece?.(item);
      watch.see(item);
      for (const event of translator.push(item, this.#guess)) events.push(event);
      if (translator.failure !== null) return { events, ending: null };
      if (translator.hasHitStopSequence) return { events, ending: "stopped" };
    }
    if (translator.hasFinishReason) this.#linger.start();
    return { events, ending: null, isLong };
  }

  async #finish(ending: Ending): Promise<StreamEvent[]> {
    this.#linger.stop();
    this.#cancelSource();
    const isUnseen = ending === "done" && !this.#translator.isStarted && this.#translator.isBarren;
    const missing = this.#translator.hasFinishReason ? null : this.#watch.failure(ending === "done");
    const saysNothing = missing === null || missing.setUp !== undefined;
    if (isUnseen && saysNothing && !this.#hasRetried && this.#options.canSendAgain()) {
      // An empty or missing answer is requested once more while the client has received nothing yet (rule 4.8).
      this.#hasRetried = true;
      this.#answer = null;
      this.#beginWith(this.#options.plan);
      return [];
    }
    const hidden = isUnseen ? await this.#options.explainEmptyAnswer() : null;
    const failure = hidden ?? missing;
    if (failure !== null) {
      this.#translator.fail(failure);
      return [];
    }
    const isTold = this.#translator.upstreamUsage !== null;
    // Must happen before the count, which would otherwise miss text that was held back.
    if (!isTold) this.#translator.settle(ending);
    const events = this.#translator.finish(
      ending,
      isTold ? this.#guess : await countUsage(this.#translator, this.#options),
    );
    if (this.#translator.failure === null) this.#isOver = true;
    return events;
  }
}
