import type { Stats } from "node:fs";
import { chmod, chown, lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A temporary file of this age beside the file was left by a killed process. */
const leftoverMs = 60_000;

/**
 * Replaces the file in one step, so that nobody reads half of it, and creates its folder. The temporary file has an
 * unpredictable name and is never an existing file: through a link of that name a foreign file would be written.
 * @param like the file whose access and owner it gets; without one, it is its writer's alone
 */
export async function replaceFile(
  filePath: string,
  text: string,
  like: Pick<Stats, "mode" | "uid" | "gid"> | null = null,
): Promise<void> {
  const temporaryPath = `${filePath}.${crypto.randomUUID()}.tmp`;
  await mkdir(dirname(filePath), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporaryPath, text, { flag: "wx", mode: 0o600 });
    if (like !== null) await makeLike(temporaryPath, like);
    await rename(temporaryPath, filePath);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw error;
  }
}

const accessBits = 0o777;

async function makeLike(
  path: string,
  { mode, uid, gid }: Pick<Stats, "mode" | "uid" | "gid">,
): Promise<void> {
  await chmod(path, mode & accessBits);
  const own = await lstat(path);
  // Only root can give a file away, and must: its service would not be able to read it.
  if (process.geteuid?.() === 0 && (own.uid !== uid || own.gid !== gid)) await chown(path, uid, gid);
}

/** Removes temporary files that killed processes have left beside the file. Never rejects. */
export async function removeLeftovers(filePath: string): Promise<void> {
  const folder = dirname(filePath);
  try {
    for (const name of await readdir(folder)) {
      if (!(name.startsWith(`${basename(filePath)}.`) && name.endsWith(".tmp"))) continue;
      const { mtimeMs } = await lstat(join(folder, name));
      if (Date.now() - mtimeMs > leftoverMs) await rm(join(folder, name), { force: true });
    }
  } catch {
    // The folder does not exist yet, or belongs to another user: writing will report that.
  }
}
