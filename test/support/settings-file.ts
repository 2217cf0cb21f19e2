import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes an `.env` into a folder of its own, which goes with it. */
export function createSettingsFile(text: string): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  const path = join(folder, ".env");
  writeFileSync(path, text, { mode: 0o600 });
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
