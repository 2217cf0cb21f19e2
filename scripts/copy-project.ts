import { chmodSync, cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const projectFolder = join(import.meta.dir, "..");
const copied = [
  "src",
  "test",
  "scripts",
  "docs",
  "package.json",
  "tsconfig.json",
  "bunfig.toml",
  "README.md",
];

/**
 * A copy of what the tests of the sources need, so that a source can be changed while they run. The caller removes it.
 * @param name part of the folder's name
 * @returns the path of the new folder, below the system's folder for temporary files
 */
export function copyProject(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `claude-proxy-${name}-`));
  // PostgreSQL does not run as root: the tests of root start it as another user, who has to come through to its folder.
  chmodSync(folder, 0o711);
  for (const part of copied) cpSync(join(projectFolder, part), join(folder, part), { recursive: true });
  symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
}
