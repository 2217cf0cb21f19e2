/** What `startProxy` gives, as far as stopping goes. */
interface Stoppable {
  stop(reason: "signal"): Promise<void>;
  stopNow(): void;
}

/**
 * Keeps the program serving until SIGINT or SIGTERM. The first signal lets requests in flight finish, a second one
 * cuts them off.
 * @param announceStop called at the first signal, so that the user knows what the program waits for
 * @returns a promise that settles once everything has stopped
 */
export async function serveUntilSignal(running: Stoppable, announceStop?: () => void): Promise<void> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) {
      running.stopNow();
      stopped.resolve();
      return;
    }
    isStopping = true;
    announceStop?.();
    running.stop("signal").then(stopped.resolve, stopped.reject);
  };
  for (const signal of signals) {
    process.on(signal, onSignal);
  }
  try {
    await stopped.promise;
  } finally {
    for (const signal of signals) {
      process.off(signal, onSignal);
    }
  }
}
