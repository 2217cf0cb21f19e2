import { ignoresHangUp } from "./ignores-hang-up.ts";

/** The part of `startProxy`'s result that stops the proxy. */
interface Stoppable {
  stop(): Promise<void>;
  stopNow(): Promise<void>;
}

/**
 * Signals that would end the program in the middle of its answers, and without their records, if it did not listen for
 * them: a person's interrupt, a service manager's request, a closed terminal, and signals sent by mistake. Bun itself
 * does not use SIGUSR1. A program cannot listen for SIGKILL, or for signals that its own faults raise.
 */
const endingSignals: readonly NodeJS.Signals[] =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM"];

/**
 * Keeps the program serving until a signal that would end it, such as SIGINT or SIGTERM. The first signal lets running
 * requests finish, a second one cuts them off. A program that was started to survive the end of its terminal (`nohup`)
 * does so.
 * @param announceStop called at the first signal, so that the user knows what the program waits for; may fail, because
 * without a terminal nobody reads it
 * @param onHangUp answers SIGHUP, and is given how to stop; null, as by default, where the signal stops like any other
 * @returns a promise that settles once everything has stopped
 */
export async function serveUntilSignal(
  running: Stoppable,
  announceStop?: () => void,
  onHangUp: ((stop: () => void) => void) | null = null,
): Promise<void> {
  const isDeaf = onHangUp === null && ignoresHangUp();
  const signals = endingSignals.filter((signal) => !(isDeaf && signal === "SIGHUP"));
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;
  let isHurried = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    running.stop().then(() => {
      // When requests are cut off, the wait for their end stops before their records are written.
      if (!isHurried) stopped.resolve();
    }, stopped.reject);
    try {
      announceStop?.();
    } catch {
      // A failed announcement must not prevent the stop.
    }
  };
  const hurry = () => {
    isHurried = true;
    running.stopNow().then(stopped.resolve, stopped.reject);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    // A closed terminal sends SIGHUP twice, once by its shell: that is no request to hurry.
    if (isStopping) return signal === "SIGHUP" ? undefined : hurry();
    if (signal === "SIGHUP" && onHangUp !== null) onHangUp(stop);
    else stop();
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
