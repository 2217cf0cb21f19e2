import { deepStrictEqual, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { scoopManifest } from "../scoop-manifest-schema.ts";
import { requirePackages, runTool } from "./debian-packages.ts";
import { locateArchive, releaseFolder, version } from "./locate-release.ts";
import { createWineEnv, prepareWine, winePath } from "./ways-to-run.ts";

/** Runs install.sh with what a folder holds, in an empty home. */
async function install(home: string, folder: string) {
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const file = Bun.file(join(folder, basename(new URL(request.url).pathname)));
      return (await file.exists()) ? new Response(file) : new Response("not found", { status: 404 });
    },
  });
  mkdirSync(home);
  const child = Bun.spawn(["sh", join(releaseFolder, "install.sh")], {
    env: { PATH: "/usr/bin:/bin", HOME: home, CLAUDE_PROXY_DOWNLOAD_URL: server.url.origin },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exitCode: await child.exited, stdout, stderr };
}

/** Runs install.sh for real: with the release's archive, and with one that is another than the checksum says. */
export async function checkInstaller(folder: string): Promise<string> {
  const archive = locateArchive("linux-x64");
  const home = join(folder, "home");
  const installed = await install(home, releaseFolder);
  deepStrictEqual([installed.exitCode, installed.stderr], [0, ""]);
  const program = join(home, ".local/bin/claude-proxy");
  match(installed.stdout, new RegExp(`^claude-proxy ${version} .* is installed: ${program}\n`));
  deepStrictEqual(runTool([program, "--version"]).startsWith(version), true);

  const wrongFolder = join(folder, "wrong");
  mkdirSync(wrongFolder);
  copyFileSync(join(releaseFolder, "checksums.txt"), join(wrongFolder, "checksums.txt"));
  writeFileSync(join(wrongFolder, basename(archive)), readFileSync(archive).subarray(0, -1));
  const otherHome = join(folder, "other-home");
  const refused = await install(otherHome, wrongFolder);
  deepStrictEqual(refused.exitCode, 1);
  match(refused.stderr, /is not what was released, so it is not installed/);
  deepStrictEqual(existsSync(join(otherHome, ".local")), false);
  return "installs the archive; refuses one that is another than its checksum says";
}

/** Checks the Homebrew formula's syntax, and does what Homebrew would do with it: installs, tests, reads its service. */
export async function checkFormula(folder: string): Promise<string> {
  await requirePackages(["ruby"], ["ruby"]);
  const formula = join(releaseFolder, "claude-proxy.rb");
  runTool(["ruby", "-wc", formula]);
  const replay = ["ruby", join(import.meta.dir, "replay-formula.rb"), formula, releaseFolder];
  return runTool([...replay, join(folder, "prefix")], { HOME: folder }).trim();
}

/** Does with the Scoop manifest what Scoop would do, and starts the installed program under Wine. */
export async function checkManifest(folder: string): Promise<string> {
  const manifest = scoopManifest.parse(await Bun.file(join(releaseFolder, "claude-proxy.json")).json());
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
  const seen = runTool([winePath, program, "--version"], createWineEnv(folder));
  match(seen, new RegExp(`^${RegExp.escape(version)} `));
  return "both checksums right; unpacked, its .env in place, its program starts";
}
