import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dir, "../../.cache/figures");

/** Keeps what a test has measured, for the table in docs/reliability.md. `row` is a row of the fault matrix. */
export function noteFigure(row: number, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `row-${row}.txt`), text);
}
