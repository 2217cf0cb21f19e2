import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own in memory, at a folder. */
export interface SmallDisk {
  /** Changes how it is mounted: `size=20m`, `ro`. */
  change(options: string): void;
  [Symbol.dispose](): void;
}

/** Mounts one. Throws where that is not allowed. */
export function mountDisk(folder: string, options: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
  return {
    change: (next) => run("mount", "-o", `remount,${next}`, folder),
    [Symbol.dispose]: () => run("umount", "-l", folder),
  };
}

function run(...command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
}

/** Why no disk can be mounted here, for `test.skipIf`; null if it can. */
export const whyNoDisk = findWhyNoDisk();

function findWhyNoDisk(): string | null {
  if (process.platform !== "linux") return "only Linux has a disk in memory";
  if (process.geteuid?.() !== 0) return "only root may mount a disk";
  if (Bun.which("mount") === null) return "there is no mount";
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-disk-"));
  try {
    mountDisk(folder, "size=100k")[Symbol.dispose]();
    return null;
  } catch (error) {
    return String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a test that needs a disk is called: whoever reads that it was skipped reads why. */
export const nameWithDisk = (name: string): string =>
  whyNoDisk === null ? name : `${name} (skipped: ${whyNoDisk})`;
