import { realpathSync } from "node:fs";
import { keychainService } from "../../config/file/resolve-reference.ts";
import { type FileChange, isUnchanged, replaceUnchanged } from "../../files/replace-unchanged.ts";
import { CommandError } from "../command-error.ts";
import type { StoredKey } from "./choose-key.ts";

/**
 * Stores the key and writes the files, each in one step and for nobody else to read. What somebody else has changed since
 * it was read is not overwritten.
 * @throws CommandError if a file was changed, or if the system refuses it
 */
export async function writeSetup(changes: readonly FileChange[], stored: StoredKey | null): Promise<void> {
  const resolved = changes.map((change) => ({ ...change, path: followLink(change.path) }));
  for (const change of resolved) {
    if (!(await isUnchanged(change))) throw new CommandError(describeChanged(change), 1);
  }
  if (stored !== null) await store(stored);
  for (const change of resolved) await write(change);
}

async function write(change: FileChange): Promise<void> {
  try {
    if (await replaceUnchanged(change, selectMode)) return;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it failed";
    throw new CommandError(`${change.path} cannot be written: ${reason}`, 1, { cause: error });
  }
  throw new CommandError(describeChanged(change), 1);
}

function describeChanged({ path }: FileChange): string {
  return `${path} was changed by somebody else meanwhile, and is left so. Run this again.`;
}

/** What everybody may read nobody has thought about; a group alone may be that of a service. */
function selectMode(mode: number): number {
  return (mode & 0o007) === 0 ? mode : 0o600;
}

async function store({ name, secret }: StoredKey): Promise<void> {
  try {
    await Bun.secrets.set({ service: keychainService, name, value: secret });
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 100) : "it failed";
    throw new CommandError(
      `The system's key store does not take the key (${reason}). Nothing was written. Keep it in the file instead: --keep-key file`,
      1,
      { cause: error },
    );
  }
}

/** The file itself, where a person keeps a link to it in the config folder. */
function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // There is no such file yet.
    return path;
  }
}
