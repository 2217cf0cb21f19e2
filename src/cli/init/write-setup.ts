import { realpathSync } from "node:fs";
import { replaceFile } from "../../files/replace-file.ts";
import { CommandError } from "../command-error.ts";
import type { StoredKey } from "./choose-key.ts";

/** Under this name the program looks for its entries in the key store. */
const keychainService = "claude-proxy";

/**
 * Stores the key and writes the files, each in one step and readable by its owner alone.
 * @throws CommandError if the system refuses it
 */
export async function writeSetup(
  changes: readonly { readonly path: string; readonly after: string }[],
  stored: StoredKey | null,
): Promise<void> {
  if (stored !== null) await store(stored);
  for (const { path, after } of changes) {
    try {
      await replaceFile(followLink(path), after);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "it failed";
      throw new CommandError(`${path} cannot be written: ${reason}`, 1, { cause: error });
    }
  }
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
