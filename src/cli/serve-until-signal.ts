import { ignoresHangUp } from "./ignores-hang-up.ts";

/** What `startProxy` gives, as far as stopping goes. */
interface Stoppable {
  stop(): Promise<void>;
  stopNow(): Promise<void>;
}

/**
 * What would end the program in the middle of its answers, and without their records, if nobody listened: a person's
 * interrupt, a service manager's word, a terminal that is closed, and what is sent by mistake. Bun has no use of its own
 * for SIGUSR1. SIGKILL, and what the program's own faults raise, cannot be listened to.
 */
const endingSignals: readonly NodeJS.Signals[] =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM"];

/**
 * Keeps the program serving until a signal that would end it: SIGINT, SIGTERM and their like. The first lets requests in
 * flight finish, a second one cuts them off. A program that was told to live through the end of its terminal (`nohup`)
 * does so.
 * @param announceStop called at the first signal, so that the user knows what the program waits for; may fail, as where
 * the terminal is gone there is nobody to know
 * @returns a promise that settles once everything has stopped
 */
export async function serveUntilSignal(running: Stoppable, announceStop?: () => void): Promise<void> {
  const lives = ignoresHangUp();
  const signals = endingSignals.filter((signal) => !(lives && signal === "SIGHUP"));
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;
  let isHurried = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) {
      // A terminal that is closed says so twice, once by its shell: nobody is in a hurry.
      if (signal === "SIGHUP") return;
      isHurried = true;
      running.stopNow().then(stopped.resolve, stopped.reject);
      return;
    }
    isStopping = true;
    running.stop().then(() => {
      // What waits for requests to end stops waiting when they are cut off, before their records are written.
      if (!isHurried) stopped.resolve();
    }, stopped.reject);
    try {
      announceStop?.();
    } catch {
      // What cannot be written keeps nobody from stopping.
    }
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
