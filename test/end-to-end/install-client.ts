import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * The real Claude Code, in the two versions that stand for the newest protocol and the oldest one, and in the one that
 * npm calls its latest: that one changes by itself, so it is asked for with `NEWEST_CLIENT=1`.
 */
export type ClientVersion = "2.1.330" | "1.0.56" | "newest";

/** Platforms for which Claude Code publishes a program of its own since version 2.1. */
const nativePlatforms = [
  "linux-x64",
  "linux-arm64",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64",
  "win32-arm64",
];

const projectFolder = join(import.meta.dir, "../..");
const cacheFolder = join(projectFolder, ".cache/clients");

/** Why the client cannot run on this machine, or null. */
export function whyNoClient(version: ClientVersion): string | null {
  const platform = `${process.platform}-${process.arch}`;
  if (version === "newest" && process.env["NEWEST_CLIENT"] !== "1") return "NEWEST_CLIENT is not 1";
  if (version !== "1.0.56" && !nativePlatforms.includes(platform))
    return `there is no Claude Code for ${platform}`;
  if (Bun.which("node") === null) return "there is no Node";
  return null;
}

/**
 * Installs the client from npm, once: later calls find it in the project's cache. Gives the command that starts
 * it. Several processes may call this at the same time.
 * @throws Error when npm fails.
 */
export async function installClient(wanted: ClientVersion): Promise<string[]> {
  const name =
    wanted === "1.0.56"
      ? "@anthropic-ai/claude-code"
      : `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
  const version = wanted === "newest" ? await findLatest(name) : wanted;
  const folder = join(cacheFolder, `${name.replace("@anthropic-ai/", "")}-${version}`);
  const packageFolder = join(folder, "node_modules", name);
  if (!(await isInstalled(packageFolder, version)))
    await install(`${name}@${version}`, folder, () => isInstalled(packageFolder, version));
  if (version === "1.0.56") return [Bun.which("node") ?? "node", join(packageFolder, "cli.js")];
  return [join(packageFolder, process.platform === "win32" ? "claude.exe" : "claude")];
}

/** @throws Error when npm cannot say it. */
async function findLatest(name: string): Promise<string> {
  const npm = Bun.spawn(["npm", "view", name, "version"], { stdout: "pipe", stderr: "pipe" });
  const version = (await npm.stdout.text()).trim();
  if ((await npm.exited) !== 0) throw new Error(`npm knows no ${name}: ${await npm.stderr.text()}`);
  return version;
}

async function isInstalled(packageFolder: string, version: string): Promise<boolean> {
  const manifest = Bun.file(join(packageFolder, "package.json"));
  if (!(await manifest.exists())) return false;
  const { version: present }: { version?: unknown } = await manifest.json();
  return present === version;
}

/** Installs beside the place and moves the whole folder there, so that nobody ever sees half of it. */
async function install(specifier: string, folder: string, isThere: () => Promise<boolean>): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const temporary = await mkdtemp(join(cacheFolder, ".install-"));
  try {
    // Its install script only copies the program to where npm's launcher looks for it.
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const npm = Bun.spawn(["npm", "install", "--prefix", temporary, ...flags, specifier], {
      cwd: temporary,
      stdout: "pipe",
      stderr: "pipe",
    });
    const output = (await npm.stdout.text()) + (await npm.stderr.text());
    if ((await npm.exited) !== 0) throw new Error(`npm could not install ${specifier}: ${output}`);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Either another process was faster, or an older try left something there.
      if (await isThere()) return;
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder).catch(() => {
        throw error;
      });
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
