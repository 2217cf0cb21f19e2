import { join } from "node:path";

/** What the browser loads. */
interface BundledPage {
  readonly script: string;
  readonly styles: string;
}

const folder = join(import.meta.dir, "page");

/**
 * Bundles script and styles of the page. A macro: a built program has the texts in it, and from the sources this runs
 * where its module is loaded. Throws what the bundler complains of.
 */
export function bundlePage(): BundledPage {
  return { script: bundle("page.tsx"), styles: bundle("page.css") };
}

/** `Bun.build` does not work within a macro, so the bundler runs as a process of its own. */
function bundle(entry: string): string {
  const production = ["--production", "--target", "browser", "--format", "iife"];
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, "build", ...production, entry], {
    // Where the user stands may be files that he does not trust.
    cwd: folder,
    env: { BUN_BE_BUN: "1" },
  });
  if (exitCode !== 0) throw new Error(`${entry} cannot be bundled: ${stderr.toString()}`);
  return stdout.toString();
}
