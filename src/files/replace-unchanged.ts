import { lstat, readFile } from "node:fs/promises";
import { isMissingFile } from "./read-own-file.ts";
import { replaceFile } from "./replace-file.ts";

/** A change of a file: what it said when the change was thought of, null if there was none, and what it should say. */
export interface FileChange {
  /** The file itself, not a link to it. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}

/** Whether the file says what it said before. */
export async function isUnchanged({ path, before }: FileChange): Promise<boolean> {
  return (await readNow(path)) === before;
}

/**
 * Replaces the file in one step, unless somebody else has changed it. It keeps its owner; a new one is its writer's alone.
 * @param selectMode the access of the new file by that of the old one; left out, it stays as it is
 * @returns whether it was replaced
 */
export async function replaceUnchanged(
  change: FileChange,
  selectMode: (mode: number) => number = (mode) => mode,
): Promise<boolean> {
  const { path, before, after } = change;
  if (!(await isUnchanged(change))) return false;
  const stats = before === null ? null : await lstat(path);
  const like = stats === null ? null : { uid: stats.uid, gid: stats.gid, mode: selectMode(stats.mode) };
  await replaceFile(path, after, like);
  return true;
}

async function readNow(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
}
