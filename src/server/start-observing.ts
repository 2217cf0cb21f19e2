import type { Config } from "../config/config.ts";
import type { Logger } from "../logging/logger.ts";
import type { ExchangeObserver } from "../relay/exchange.ts";
import { type Observing, observeNothing } from "./observing.ts";
import { createBudgetKeeper } from "./start-budgets.ts";
import { startTracing } from "./start-tracing.ts";

export interface ObservingOptions {
  config: Config;
  logger: Logger;
  version: string;
  /** By which the instances that share a record tell each other apart. */
  instanceId: string;
  /** Values that may appear in nothing that is written. */
  secrets: readonly string[];
}

/** Starts everything that looks at requests from the side. What nobody wants is not loaded. */
export async function startObserving(options: ObservingOptions): Promise<Observing> {
  const { config, logger, version } = options;
  const base = observeNothing();
  const recording = await loadRecording(options);
  const recorder = recording?.recorder ?? null;
  const openReader = recorder === null ? null : () => recorder.reader();
  const keeper = createBudgetKeeper({ logger, openReader, instanceId: options.instanceId });
  await keeper.configure(config);
  const spending: ExchangeObserver = { end: (ended) => keeper.budgets?.end(ended) };
  const tracing = await startTracing(config, { logger, version });
  const others = [recording?.observer, tracing].filter((observer) => observer != null);
  return {
    ...base,
    observers: [...base.observers, spending, ...others],
    keepBodies: recording?.keepBodies ?? base.keepBodies,
    recorder,
    get budgets() {
      return keeper.budgets;
    },
    async reconfigure(next) {
      await keeper.configure(next);
      tracing?.configure(next);
    },
    addSecrets(secrets) {
      recorder?.addSecrets(secrets);
      tracing?.addSecrets(secrets);
    },
    async close() {
      await Promise.all([recorder?.close(), tracing?.close(), keeper.close()]);
    },
  };
}

async function loadRecording(options: ObservingOptions) {
  if (options.config.record === "off") return null;
  const { startRecording } = await import("./start-recording.ts");
  return startRecording(options);
}
