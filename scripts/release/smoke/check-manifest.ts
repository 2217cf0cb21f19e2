import { deepStrictEqual, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { scoopManifest } from "../scoop-manifest-schema.ts";
import { runTool } from "./debian-packages.ts";
import { releaseFolder, version } from "./locate-release.ts";
import { createWineEnv, prepareWine, winePath } from "./ways-to-run.ts";

/** Does with the Scoop manifest what Scoop would do, and starts the installed program under Wine. */
export async function checkManifest(folder: string): Promise<string> {
  const manifest = scoopManifest.parse(
    JSON.parse(readFileSync(join(releaseFolder, "claude-proxy.json"), "utf8")),
  );
  for (const { url, hash } of Object.values(manifest.architecture)) {
    const archive = readFileSync(join(releaseFolder, basename(url)));
    deepStrictEqual(createHash("sha256").update(archive).digest("hex"), hash, url);
  }
  const installed = join(folder, "apps", "claude-proxy", manifest.version);
  mkdirSync(installed, { recursive: true });
  const archive = join(releaseFolder, basename(manifest.architecture["64bit"].url));
  runTool(["python3", "-m", "zipfile", "-e", archive, installed]);
  // What `pre_install` does, and then what `persist` and `bin` need.
  copyFileSync(join(installed, ".env.example"), join(installed, ".env"));
  deepStrictEqual(existsSync(join(installed, manifest.persist)), true);
  const program = await prepareWine(join(installed, manifest.bin), folder);
  match(
    runTool([winePath, program, "--version"], createWineEnv(folder)),
    new RegExp(`^${RegExp.escape(version)} `),
  );
  return "both checksums right; unpacked, its .env in place, its program starts";
}
