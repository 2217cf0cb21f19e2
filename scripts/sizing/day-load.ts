/** What all instances together have to do, in a second or on average over many. */
export interface Load {
  /** People who are at work with it. */
  readonly developers: number;
  /** Requests a second to models: of conversations and sub-agents, and those beside them. */
  readonly messages: number;
  /** Requests a second for a count of tokens. */
  readonly counts: number;
  /** Bytes a second of all requests; as many go on to upstreams. */
  readonly requestBytes: number;
  /** Answers that are awaited or being written. */
  readonly streams: number;
  /** Chunks a second of all answers. */
  readonly chunks: number;
}

export interface DayLoad {
  /** The average of the busiest hour. */
  readonly hour: Load;
  /** The second with most streams. */
  readonly second: Load;
  /** Requests of the whole day; each is a row of the record. */
  readonly requests: number;
  /** Bytes of all requests of the day. */
  readonly requestBytes: number;
  /** Mean bytes of a request to a model. */
  readonly meanMessageBytes: number;
}

const daySeconds = 86_400;
const hourSeconds = 3600;
/** What one member of a load is in each second of the day. */
type Seconds = Float64Array;

/** Adds up what happens in each second of a day. Times are seconds since midnight; what is later belongs to the last. */
export class DayCounter {
  readonly #begun = { messages: createSeconds(), counts: createSeconds(), requestBytes: createSeconds() };
  /** By how much each changes at the beginning of a second. */
  readonly #changes = { developers: createSeconds(), streams: createSeconds(), chunks: createSeconds() };
  #messageBytes = 0;

  addCount(at: number, bytes: number): void {
    addAt(this.#begun.counts, at, 1);
    addAt(this.#begun.requestBytes, at, bytes);
  }

  /** A request to a model: its answer is silent at first, then its chunks come at an even pace. */
  addMessage(
    at: number,
    bytes: number,
    answer: { silentSeconds: number; seconds: number; chunks: number },
  ): void {
    addAt(this.#begun.messages, at, 1);
    addAt(this.#begun.requestBytes, at, bytes);
    this.#messageBytes += bytes;
    const first = at + answer.silentSeconds;
    addBetween(this.#changes.streams, at, first + answer.seconds, 1);
    addBetween(this.#changes.chunks, first, first + answer.seconds, answer.chunks / answer.seconds);
  }

  addWork(from: number, to: number): void {
    addBetween(this.#changes.developers, from, to, 1);
  }

  sumUp(): DayLoad {
    const { messages, counts, requestBytes } = this.#begun;
    const levels = {
      developers: sumChanges(this.#changes.developers),
      streams: sumChanges(this.#changes.streams),
      chunks: sumChanges(this.#changes.chunks),
    };
    const meanOf = (from: number, to: number): Load => ({
      developers: meanBetween(levels.developers, from, to),
      messages: meanBetween(messages, from, to),
      counts: meanBetween(counts, from, to),
      requestBytes: meanBetween(requestBytes, from, to),
      streams: meanBetween(levels.streams, from, to),
      chunks: meanBetween(levels.chunks, from, to),
    });
    const hours = Array.from({ length: daySeconds / hourSeconds }, (_, hour) =>
      meanOf(hour * hourSeconds, (hour + 1) * hourSeconds),
    );
    const busiest = levels.streams.indexOf(levels.streams.reduce((most, value) => Math.max(most, value), 0));
    const asked = sum(messages);
    return {
      hour: hours.reduce((most, hour) => (hour.messages > most.messages ? hour : most)),
      second: meanOf(busiest, busiest + 1),
      requests: asked + sum(counts),
      requestBytes: sum(requestBytes),
      meanMessageBytes: this.#messageBytes / asked,
    };
  }
}

function createSeconds(): Seconds {
  return new Float64Array(daySeconds);
}

function addAt(seconds: Seconds, at: number, value: number): void {
  const second = Math.min(daySeconds - 1, Math.floor(at));
  seconds[second] = (seconds[second] ?? 0) + value;
}

function addBetween(seconds: Seconds, from: number, to: number, value: number): void {
  addAt(seconds, from, value);
  addAt(seconds, to, -value);
}

function sumChanges(changes: Seconds): Seconds {
  let level = 0;
  return changes.map((change) => {
    level += change;
    return level;
  });
}

function sum(seconds: Seconds): number {
  return seconds.reduce((total, value) => total + value, 0);
}

function meanBetween(seconds: Seconds, from: number, to: number): number {
  return sum(seconds.subarray(from, to)) / (to - from);
}
