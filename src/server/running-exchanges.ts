import type { Exchange, ExchangeObserver } from "../relay/exchange.ts";

/** The requests that are being answered. */
export interface RunningExchanges extends ExchangeObserver {
  /** From the oldest to the newest. */
  list(): readonly Exchange[];
  /** Settles once none runs, and all observers have heard of the last one. */
  whenIdle(): Promise<void>;
}

/** Creates the list of running requests. It holds exchanges, which hold no conversation. */
export function createRunningExchanges(): RunningExchanges {
  const running = new Map<string, Exchange>();
  let idle: PromiseWithResolvers<void> | null = null;
  return {
    begin(exchange) {
      running.set(exchange.requestId, exchange);
    },
    end({ record }) {
      running.delete(record.requestId);
      if (running.size > 0) return;
      idle?.resolve();
      idle = null;
    },
    list: () => [...running.values()],
    whenIdle() {
      if (running.size === 0) return Promise.resolve();
      idle ??= Promise.withResolvers();
      return idle.promise;
    },
  };
}
