import type { Config } from "../config/config.ts";
import type { Logger } from "../logging/logger.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { type Observing, observeNothing } from "./observing.ts";
import { createBudgetKeeper } from "./start-budgets.ts";

export interface ObservingOptions {
  config: Config;
  logger: Logger;
  /** Values that may appear in nothing that is written. */
  secrets: readonly string[];
}

/** Starts everything that looks at requests from the side. What nobody wants is not loaded. */
export async function startObserving(options: ObservingOptions): Promise<Observing> {
  const { config, logger } = options;
  const base = observeNothing();
  const recording = await loadRecording(options);
  const recorder = recording?.recorder ?? null;
  const keeper = createBudgetKeeper(logger, recorder === null ? null : () => recorder.reader());
  await keeper.configure(config);
  const spending: ExchangeObserver = { end: (ended) => keeper.budgets?.end(ended) };
  return {
    ...base,
    observers: [...base.observers, spending, ...(recording === null ? [] : [recording.observer])],
    keepBodies: recording?.keepBodies ?? base.keepBodies,
    recorder,
    get budgets() {
      return keeper.budgets;
    },
    reconfigure: (next) => keeper.configure(next),
    addSecrets: (secrets) => recorder?.addSecrets(secrets),
    close: async () => await recorder?.close(),
  };
}

async function loadRecording(options: ObservingOptions) {
  if (options.config.record === "off") return null;
  const { startRecording } = await import("./start-recording.ts");
  return startRecording(options);
}
