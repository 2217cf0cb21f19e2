import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Programs of the system that only write down how they were called. */
export interface FakePrograms {
  /** The folder they are in, for `PATH`. */
  folder: string;
  /** Every call so far, as `name argument argument`. */
  calls(): string[];
}

/**
 * Makes shell scripts that stand in for programs of the system.
 * @param bodies what each does after its call was written down; `$STATE` is a file that they may keep
 */
export function createFakePrograms(folder: string, bodies: Readonly<Record<string, string>>): FakePrograms {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "calls");
  for (const [name, body] of Object.entries(bodies)) {
    const path = join(folder, name);
    writeFileSync(
      path,
      `#!/bin/sh\nSTATE='${join(folder, "state")}'\nprintf '%s\\n' "${name} $*" >>'${log}'\n${body}\n`,
    );
    chmodSync(path, 0o755);
  }
  return {
    folder,
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []),
  };
}
