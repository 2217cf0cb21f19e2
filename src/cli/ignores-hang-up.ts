import { readFileSync } from "node:fs";

/** The bit of SIGHUP in a mask of signals. */
const hangUp = 1n;

/**
 * Whether this program was started to survive the end of its terminal, as with `nohup`: it then ignores SIGHUP, and a
 * listener for the signal would undo that. False if the system does not report it.
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
    // There is no such file, or no such program.
    return null;
  }
}
