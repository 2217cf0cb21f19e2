import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

export interface SessionPlace {
  /** The folder in which Claude Code keeps what is its own. */
  readonly configFolder: string;
  /** The folder in which it was started. */
  readonly workFolder: string;
  /** When it was started, in milliseconds since 1970. */
  readonly startedMs: number;
}

const sessionFile = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

/**
 * Finds the session that has just ended, by the file that Claude Code has written of it.
 * @returns its id; null if there is none, or if several were written meanwhile, as it is not known then which one it was
 */
export function findEndedSession({ configFolder, workFolder, startedMs }: SessionPlace): string | null {
  try {
    const name = realpathSync(workFolder).replace(/[^A-Za-z0-9]/g, "-");
    const folder = join(configFolder, "projects", name);
    const ids = readdirSync(folder).flatMap((file) => {
      const [, id] = sessionFile.exec(file) ?? [];
      return id !== undefined && statSync(join(folder, file)).mtimeMs >= startedMs ? [id] : [];
    });
    const [only = null, ...others] = ids;
    return others.length === 0 ? only : null;
  } catch {
    // Nothing was kept, or under another name: it is only that nothing can be said.
    return null;
  }
}
