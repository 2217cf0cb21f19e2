import { open, rm, stat } from "node:fs/promises";

export interface LockTimes {
  /** How long to wait for another process before going on without the lock. */
  waitMs: number;
  /** A lock of this age belongs to a process that was killed. */
  staleMs: number;
}

const usualTimes: LockTimes = { waitMs: 2_000, staleMs: 5_000 };
const retryMs = 15;

/**
 * Does something while no other process does the same under this lock, a file of its own. What is done takes
 * milliseconds: whoever holds the lock for longer was killed. Where no lock can be had it is done all the same, because
 * a lost race costs less than what would not be written. Rejects only as `work` does.
 */
export async function withLock<Result>(
  lockPath: string,
  work: () => Promise<Result>,
  { waitMs, staleMs }: LockTimes = usualTimes,
): Promise<Result> {
  const untilMs = Date.now() + waitMs;
  let isHeld = await takeLock(lockPath);
  while (isHeld === false && Date.now() < untilMs) {
    await removeStale(lockPath, staleMs);
    await Bun.sleep(retryMs);
    isHeld = await takeLock(lockPath);
  }
  try {
    return await work();
  } finally {
    if (isHeld === true) await rm(lockPath, { force: true });
  }
}

/** True if this process has it now, false if another one has it, null if there can be none in this folder. */
async function takeLock(lockPath: string): Promise<boolean | null> {
  try {
    const file = await open(lockPath, "wx", 0o600);
    await file.close();
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EEXIST" ? false : null;
  }
}

async function removeStale(lockPath: string, staleMs: number): Promise<void> {
  try {
    const { mtimeMs } = await stat(lockPath);
    if (Date.now() - mtimeMs > staleMs) await rm(lockPath, { force: true });
  } catch {
    // Its holder has just removed it.
  }
}
