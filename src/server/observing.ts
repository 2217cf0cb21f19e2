import type { Budgets } from "../budget/budgets.ts";
import type { Config } from "../config/config.ts";
import { createMetrics, type Metrics } from "../metrics/create-metrics.ts";
import type { BodyKeeper } from "../record/bodies/body-keeper.ts";
import type { Recorder } from "../record/recorder.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { createRunningExchanges, type RunningExchanges } from "./running-exchanges.ts";

/** Everything that looks at requests from the side. */
export interface Observing {
  readonly observers: readonly ExchangeObserver[];
  /** Keeps the bodies of a request that has arrived; null if nobody wants them. */
  readonly keepBodies: (request: Request, path: string) => BodyKeeper | null;
  /** What runs now. */
  readonly running: RunningExchanges;
  /** What was counted since the start. */
  readonly metrics: Metrics;
  /** Null with `RECORD=off`. */
  readonly recorder: Recorder | null;
  /** Null if there are no caps. */
  readonly budgets: Budgets | null;
  /** Goes on under another configuration. */
  reconfigure(config: Config): Promise<void>;
  /** Values that nothing may show from now on, as a changed configuration brings them. */
  addSecrets(secrets: readonly string[]): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Watches what every server does: what runs, and how much of what there was. There is no record and no cap. */
export function observeNothing(): Observing {
  const running = createRunningExchanges();
  const metrics = createMetrics();
  return {
    observers: [running, metrics],
    keepBodies: () => null,
    running,
    metrics,
    recorder: null,
    budgets: null,
    reconfigure: async () => {},
    addSecrets: () => {},
    close: async () => {},
  };
}
