import { deepStrictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./debian-packages.ts";
import { releaseFolder } from "./locate-release.ts";

/** Builds the whole release a second time, in another time zone, and compares the checksums. */
export async function checkReproducible(folder: string): Promise<string> {
  const words = [
    process.execPath,
    "--no-env-file",
    "scripts/release/release.ts",
    "--allow-changes",
    "--out",
    folder,
  ];
  runTool(words, { TZ: "Asia/Kolkata" });
  const [first, second] = [releaseFolder, folder].map((out) =>
    readFileSync(join(out, "checksums.txt"), "utf8"),
  );
  deepStrictEqual(second, first);
  return `a second release has the same ${second?.trimEnd().split("\n").length} checksums`;
}
