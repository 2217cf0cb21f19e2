import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guards } from "../../scripts/guards/guards.ts";

const projectFolder = join(import.meta.dir, "../..");

test.each(guards.map((guard) => [guard.name, guard] as const))(
  "the guard is where it is said to be: %s",
  (_, guard) => {
    const path = join(projectFolder, guard.file);
    expect(existsSync(path)).toBe(true);
    // Once: the first is the one that is taken out.
    expect(readFileSync(path, "utf8").split(guard.text).length - 1).toBe(1);
  },
);
