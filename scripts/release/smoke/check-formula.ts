import { join } from "node:path";
import { requirePackages, runTool } from "./debian-packages.ts";
import { releaseFolder } from "./locate-release.ts";

/** Checks the Homebrew formula's syntax, and does what Homebrew would do with it: installs, tests, reads its service. */
export async function checkFormula(folder: string): Promise<string> {
  await requirePackages(["ruby"], ["ruby"]);
  const formula = join(releaseFolder, "claude-proxy.rb");
  runTool(["ruby", "-wc", formula]);
  return runTool(
    ["ruby", join(import.meta.dir, "replay-formula.rb"), formula, releaseFolder, join(folder, "prefix")],
    { HOME: folder },
  ).trim();
}
