import type { Exchange, ExchangeObserver } from "../relay/exchange.ts";

/** The requests that are being answered. */
export interface RunningExchanges extends ExchangeObserver {
  /** From the oldest to the newest. */
  list(): readonly Exchange[];
}

/** Creates the list of running requests. It holds exchanges, which hold no conversation. */
export function createRunningExchanges(): RunningExchanges {
  const running = new Map<string, Exchange>();
  return {
    begin(exchange) {
      running.set(exchange.requestId, exchange);
    },
    end({ record }) {
      running.delete(record.requestId);
    },
    list: () => [...running.values()],
  };
}
