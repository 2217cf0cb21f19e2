import { ApiError } from "../anthropic/api-error.ts";
import type { StreamEvent } from "../anthropic/stream-event.ts";
import type { UpstreamMemory } from "../learned/upstream-memory.ts";
import type { Logger } from "../logging/logger.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { ModelRoute } from "../routing/route.ts";
import { readErrorBody } from "../translate/failures/error-facts.ts";
import { findOtherWire, lacksWire } from "../translate/failures/wrong-wire.ts";
import type { SendBudget } from "../upstream/send-budget.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";
import { describeRefusal } from "./describe-refusal.ts";
import type { Exchange } from "./exchange.ts";
import type { AnswerPiece, EventReader, RelayedAnswer } from "./relayed-answer.ts";

export interface WireSwitchOptions {
  exchange: Exchange;
  /** The route on which the upstream is asked first. */
  route: ModelRoute;
  /** The sends that are left for the client's request, on both wires together. */
  budget: SendBudget;
  memory: Pick<UpstreamMemory, "learnProtocol">;
  logger: Pick<Logger, "info">;
  /** Opens the answer to the same request on another wire. Holds the request, so it is released as soon as it can be. */
  openOn: (protocol: ProtocolId) => RelayedAnswer | Promise<RelayedAnswer>;
}

/**
 * An answer that changes to the other wire if the upstream wants to be asked there (rule 20.3): once, before the client
 * has received anything. What the upstream wanted is remembered if it answers there. From the first events on, it only
 * passes calls on.
 */
export class WireSwitch implements EventReader {
  readonly #options: Omit<WireSwitchOptions, "openOn">;
  readonly #opened = Promise.withResolvers<void>();
  /** Null from when the wire may not be changed any more. */
  #openOn: WireSwitchOptions["openOn"] | null;
  #answer: RelayedAnswer | null = null;
  #isHeadSent = false;
  #hasLeftRepair = false;
  #hasBegun = false;

  constructor({ openOn, ...options }: WireSwitchOptions) {
    this.#options = options;
    this.#openOn = openOn;
  }

  /** Whether a refusal leads to the other wire, so that the first one must not repair it. */
  readonly leavesRepair = (error: UpstreamError): boolean => {
    const leaves = this.#findOtherWire(error) !== null;
    if (leaves) this.#hasLeftRepair = true;
    return leaves;
  };

  /** Begins with the answer on the first wire. */
  begin(first: RelayedAnswer): RelayedAnswer {
    this.#follow(first);
    return {
      reader: this,
      toApiError: (thrown) => this.#current.toApiError(thrown),
      finish: (how) => this.#current.finish(how),
      fail: (thrown) => this.#current.fail(thrown),
    };
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  start(): StreamEvent[] {
    this.#isHeadSent = true;
    this.#openOn = null;
    return this.#current.reader.start();
  }

  /** Not async, because it runs for every piece of the answer. */
  read(): Promise<AnswerPiece | null> {
    return this.#hasBegun ? this.#current.reader.read() : this.#readFirst();
  }

  get #current(): RelayedAnswer {
    if (this.#answer === null) throw new Error("an answer was read before it was begun");
    return this.#answer;
  }

  #follow(answer: RelayedAnswer): void {
    this.#answer = answer;
    void answer.reader.opened.then(this.#opened.resolve);
  }

  async #readFirst(): Promise<AnswerPiece | null> {
    try {
      return await this.#current.reader.read();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      this.#options.exchange.noteSendFailure(error);
      const other = this.#findOtherWire(error);
      if (other === null) throw error;
      return await this.#change(other, error);
    } finally {
      this.#hasBegun = true;
      this.#openOn = null;
    }
  }

  #findOtherWire(error: UpstreamError): ProtocolId | null {
    const { route, budget } = this.#options;
    if (this.#openOn === null || !budget.hasLeft) return null;
    return findOtherWire(error, { protocol: route.profile.protocol, model: route.model });
  }

  async #change(protocol: ProtocolId, refusal: UpstreamError): Promise<AnswerPiece | null> {
    const { exchange, route } = this.#options;
    const first = this.#current;
    const { fields } = exchange;
    const { protocol: firstProtocol, dropped, repairs } = fields;
    const goBack = () => {
      Object.assign(fields, { protocol: firstProtocol, dropped, repairs });
      this.#answer = first;
      return this.#goOn(first, refusal);
    };
    const other = await this.#open(protocol);
    // The head may have become due meanwhile: then it is that of the first answer.
    if (other === null || this.#isHeadSent) return await goBack();
    this.#follow(other);
    try {
      const events = await other.reader.read();
      this.#learn(protocol, refusal);
      return events;
    } catch (error) {
      const isNoWire = error instanceof UpstreamError && lacksWire(error, route.model);
      if (!isNoWire || this.#isHeadSent) throw error;
      // A server without the other wire says nothing of use about this request: the first one does.
      return await goBack();
    }
  }

  /** Null if the request cannot be written on the other wire. */
  async #open(protocol: ProtocolId): Promise<RelayedAnswer | null> {
    const openOn = this.#openOn;
    this.#openOn = null;
    try {
      return (await openOn?.(protocol)) ?? null;
    } catch (error) {
      // The client hears the first wire's refusal instead.
      if (error instanceof ApiError) return null;
      throw error;
    }
  }

  /** Goes on with the first wire: with its own repair, if it has one. */
  async #goOn(first: RelayedAnswer, refusal: UpstreamError): Promise<AnswerPiece | null> {
    if (this.#hasLeftRepair && this.#options.budget.hasLeft) return await first.reader.read();
    throw refusal;
  }

  #learn(protocol: ProtocolId, refusal: UpstreamError): void {
    const { exchange, route, memory, logger } = this.#options;
    const { model, profile } = route;
    memory.learnProtocol(model, protocol, describeRefusal(refusal));
    logger.info("the upstream wants another API for this model; it is asked there from now on", {
      requestId: exchange.requestId,
      model,
      asked: profile.protocol,
      wanted: protocol,
      reason: readErrorBody(refusal.body).text || refusal.message,
    });
  }
}
