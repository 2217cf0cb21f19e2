import { Histogram } from "./histogram.ts";

const durationBounds = [0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600];
const firstByteBounds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];
const rateBounds = [5, 10, 20, 30, 50, 75, 100, 150, 250, 500, 1000];

/** What was counted of one model of one upstream. */
export class ModelCounts {
  readonly upstream: string;
  readonly model: string;
  readonly durationSeconds = new Histogram(durationBounds);
  readonly firstByteSeconds = new Histogram(firstByteBounds);
  readonly tokensPerSecond = new Histogram(rateBounds);
  readonly tokens = { input: 0, output: 0, cache_read: 0, cache_write: 0, thinking: 0 };
  /** Dollars of the answers whose cost is known. */
  costUsd = 0;
  /** Answers whose cost is not known. */
  unknownCosts = 0;
  /** Sends by what came of them. */
  readonly sends = { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0, none: 0 };

  constructor(upstream: string, model: string) {
    this.upstream = upstream;
    this.model = model;
  }
}

export type SendOutcome = keyof ModelCounts["sends"];

/** The class of a send's status; `none` if no answer came. */
export function classifySend(status: number | null): SendOutcome {
  if (status === null) return "none";
  if (status < 300) return "2xx";
  if (status < 400) return "3xx";
  return status < 500 ? "4xx" : "5xx";
}
