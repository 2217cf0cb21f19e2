import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that only this user can read, and that goes away with everything in it. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** By these a person, or who started the program, breaks it off. */
const endingSignals: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGINT", "SIGTERM", "SIGBREAK"] : ["SIGINT", "SIGTERM"];

/**
 * Creates a folder in the system's one for temporary files. It is removed when it is disposed of, and also when a signal
 * ends the program before that; the signal ends it all the same.
 * @param prefix the beginning of its name
 */
export function createTemporaryFolder(prefix: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const remove = () => {
    for (const signal of endingSignals) process.off(signal, endBySignal);
    rmSync(path, { recursive: true, force: true });
  };
  const endBySignal = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  for (const signal of endingSignals) process.on(signal, endBySignal);
  return { path, [Symbol.dispose]: remove };
}
