/** How long aborted calls may take to write their records, and how often that is checked. */
const lastRecordsMs = 300;
const checkMs = 5;

/** Aborts all running calls, each by its function. */
export function giveUpCalls(running: ReadonlySet<() => void>): void {
  for (const giveUp of running) giveUp();
}

/** Settles once no call runs any more, after a third of a second at the latest. */
export async function waitForLastCall(running: ReadonlySet<() => void>): Promise<void> {
  const untilMs = performance.now() + lastRecordsMs;
  while (running.size > 0 && performance.now() < untilMs) await Bun.sleep(checkMs);
}
