import { readFileSync } from "node:fs";

/** The bit of SIGHUP in a mask of signals. */
const hangUp = 1n;

/**
 * Whether this program was started to live on when its terminal is closed, as `nohup` does it: by ignoring SIGHUP, which
 * whoever listens to the signal would undo. False where the system does not tell.
 */
export function ignoresHangUp(): boolean {
  const mask = readIgnoredSignals();
  return mask !== null && (BigInt(`0x${mask}`) & hangUp) !== 0n;
}

/** The mask of ignored signals, in hexadecimal digits. */
function readIgnoredSignals(): string | null {
  try {
    const text =
      process.platform === "linux"
        ? readFileSync("/proc/self/status", "utf8")
        : `SigIgn: ${Bun.spawnSync(["ps", "-o", "sigignore=", "-p", String(process.pid)]).stdout}`;
    return /^SigIgn:\s*([0-9a-f]+)\s*$/im.exec(text)?.[1] ?? null;
  } catch {
    // No such file, or no such program.
    return null;
  }
}
