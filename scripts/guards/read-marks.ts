import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findMarks, type GuardMark } from "./find-marks.ts";

const projectFolder = join(import.meta.dir, "../..");

/** The marks of all guards in `src/`. */
export function readMarks(): GuardMark[] {
  return readdirSync(join(projectFolder, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => {
      const file = `src/${path.replaceAll("\\", "/")}`;
      return findMarks(file, readFileSync(join(projectFolder, file), "utf8"));
    });
}
