import type { Config } from "../config/config.ts";
import type { Logger } from "../logging/logger.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { type Observing, observeNothing } from "./observing.ts";
import { createBudgetKeeper } from "./start-budgets.ts";

export interface ObservingOptions {
  config: Config;
  logger: Logger;
}

/** Starts everything that looks at requests from the side. What nobody wants is not loaded. */
export async function startObserving({ config, logger }: ObservingOptions): Promise<Observing> {
  const base = observeNothing();
  const { recorder } = base;
  const keeper = createBudgetKeeper(logger, recorder === null ? null : () => recorder.reader());
  await keeper.configure(config);
  const spending: ExchangeObserver = { end: (ended) => keeper.budgets?.end(ended) };
  return {
    ...base,
    observers: [...base.observers, spending],
    get budgets() {
      return keeper.budgets;
    },
    reconfigure: (next) => keeper.configure(next),
  };
}
