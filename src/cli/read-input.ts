import { readFile } from "node:fs/promises";
import { CommandError } from "./command-error.ts";

/**
 * Reads what a command is about.
 * @param file path of a file; `-` for standard input
 * @param missing what to say if standard input is a terminal, where nobody would know what to type
 * @throws CommandError with exit code 2: the command would fail again
 */
export async function readInput(file: string, missing: string): Promise<Uint8Array> {
  if (file !== "-") {
    try {
      return await readFile(file);
    } catch (error) {
      throw new CommandError(`Cannot read ${file}: ${explainReadError(error)}`, 2, { cause: error });
    }
  }
  if (process.stdin.isTTY) throw new CommandError(missing, 2);
  return Bun.stdin.bytes();
}

/** The usual reasons in plain words; others use the system's words. */
const readFaults: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file."],
  ["EISDIR", "it is a folder. Name a file in it."],
  ["EACCES", "you may not read it."],
]);

function explainReadError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ("code" in error ? readFaults.get(error.code) : undefined) ?? error.message;
}
