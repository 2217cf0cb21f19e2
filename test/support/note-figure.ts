import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dir, "../../.cache/figures");

/**
 * Keeps what a test has measured in `.cache/figures/`, from where it is copied into docs/reliability.md by hand. `row` is
 * a row of the fault matrix.
 */
export function noteFigure(row: number, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `row-${row}.txt`), text);
}
