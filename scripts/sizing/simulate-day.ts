import { createRandom } from "../../test/support/random.ts";
import { DayCounter, type DayLoad } from "./day-load.ts";
import type { SessionModel } from "./session-model.ts";

const hourSeconds = 3600;
/** Somebody is at work for so long, or not. */
const slotSeconds = 1800;

/** A day of so many developers, second by second. The same seed gives the same day. */
export function simulateDay(model: SessionModel, developers: number, seed: number): DayLoad {
  const day = new DayCounter();
  const random = createRandom(seed);
  for (let index = 0; index < developers; index += 1) new Developer(model, day, random).work();
  return day.sumUp();
}

class Developer {
  readonly #model: SessionModel;
  readonly #day: DayCounter;
  readonly #random: () => number;
  /** Bytes of the conversation's next request; 0 where the next prompt begins a new one. */
  #bytes = 0;
  #prompts = 0;

  constructor(model: SessionModel, day: DayCounter, random: () => number) {
    this.#model = model;
    this.#day = day;
    this.#random = random;
  }

  work(): void {
    const { shareAtWork, pauseSeconds } = this.#model;
    let free = 0;
    for (let start = 0; start < shareAtWork.length * hourSeconds; start += slotSeconds) {
      if (this.#random() >= (shareAtWork[Math.floor(start / hourSeconds)] ?? 0)) continue;
      const end = start + slotSeconds;
      this.#day.addWork(start, end);
      // Nobody begins on the stroke of the hour.
      let at = Math.max(free, start + this.#draw(pauseSeconds));
      while (at < end) at = this.#ask(at) + this.#draw(pauseSeconds);
      free = at;
    }
  }

  /** A prompt, with all that follows until it is answered. Returns when that is. */
  #ask(start: number): number {
    const { firstRequestBytes, projectBytes, exchangeBytes, mostRequestBytes, summaryBytes } = this.#model;
    let at = start;
    if (this.#bytes === 0) this.#beginConversation(at);
    if (this.#random() < this.#model.agentsShare) at = this.#runAgents(at);
    const exchanges = this.#drawCount(this.#model.exchangesOfPrompt);
    for (let exchange = 0; exchange < exchanges; exchange += 1) {
      if (this.#bytes > mostRequestBytes) {
        at = this.#send(at, this.#bytes);
        this.#bytes = firstRequestBytes + projectBytes + summaryBytes;
      }
      at = this.#send(at, this.#bytes);
      this.#bytes += this.#draw(exchangeBytes);
      if (exchange < exchanges - 1) at += this.#draw(this.#model.toolSeconds);
    }
    for (let job = 0; job < this.#model.suggestionsOfPrompt; job += 1) this.#send(at, this.#bytes);
    this.#prompts += 1;
    if (this.#prompts >= this.#model.promptsOfConversation) this.#bytes = 0;
    return at;
  }

  #beginConversation(at: number): void {
    const { firstRequestBytes, projectBytes, titleBytes, countsOfBurst, countBytes } = this.#model;
    this.#bytes = firstRequestBytes + projectBytes;
    this.#prompts = 0;
    this.#send(at, titleBytes);
    if (this.#random() >= this.#model.burstsOfConversation) return;
    for (let count = 0; count < countsOfBurst; count += 1) this.#day.addCount(at, this.#draw(countBytes));
  }

  /** Returns when the last of them has answered. */
  #runAgents(start: number): number {
    const { agentsAtOnce, agentRequestBytes, projectBytes, agentExchangeBytes, toolSeconds } = this.#model;
    const ends = Array.from({ length: agentsAtOnce }, () => {
      let at = start;
      let bytes = agentRequestBytes + projectBytes;
      for (let left = this.#drawCount(this.#model.exchangesOfAgent); left > 0; left -= 1) {
        at = this.#send(at, bytes) + this.#draw(toolSeconds);
        bytes += this.#draw(agentExchangeBytes);
      }
      return at;
    });
    return Math.max(...ends);
  }

  /** Returns when the answer has ended. */
  #send(at: number, bytes: number): number {
    const { firstByteSeconds, answerTokens, tokensPerSecond, tokensOfChunk } = this.#model;
    const silentSeconds = this.#draw(firstByteSeconds);
    const tokens = this.#drawCount(answerTokens);
    const seconds = tokens / tokensPerSecond;
    this.#day.addMessage(at, bytes, { silentSeconds, seconds, chunks: tokens / tokensOfChunk });
    return at + silentSeconds + seconds;
  }

  /** A value of this mean: most are smaller, and some are several times as large. */
  #draw(mean: number): number {
    return -mean * Math.log(1 - this.#random());
  }

  /** A whole number of about this mean, at least 1. */
  #drawCount(mean: number): number {
    return Math.max(1, Math.round(this.#draw(mean)));
  }
}
