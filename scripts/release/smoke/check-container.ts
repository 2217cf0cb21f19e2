import { deepStrictEqual, match } from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requirePackages, runTool } from "./debian-packages.ts";
import { countExpectedTokens, exerciseProxy } from "./exercise-proxy.ts";
import { locateProgram } from "./locate-release.ts";
import { startWithSignals } from "./started-program.ts";
import type { Way } from "./way.ts";

const projectFolder = join(import.meta.dir, "../../..");
const user = 65532;
const stateFolder = "/var/lib/claude-proxy";

/** What the Dockerfile says the program starts with: `ENV` and `USER`. */
function readImageSettings(): { env: Record<string, string>; user: string } {
  const dockerfile = readFileSync(join(projectFolder, "Dockerfile"), "utf8").replaceAll("\\\n", " ");
  const [, pairs = ""] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
  const [, found = ""] = /^USER (.*)$/m.exec(dockerfile) ?? [];
  const env = pairs.matchAll(/([^\s=]+)=(\S*)/g).map(([, name = "", value = ""]) => [name, value] as const);
  return { env: Object.fromEntries(env), user: found };
}

const isRoot = process.getuid?.() === 0;

/** Gives a folder to the image's user; without root, this user is the image's within the sandbox. */
function giveToUser(folder: string): void {
  if (isRoot) {
    chownSync(folder, user, user);
  }
}

/** The image's contents as its user sees them: the root cannot be written, only the state folder can. */
function createSandbox(root: string, workFolder: string, env: Readonly<Record<string, string>>): string[] {
  return [
    ...(isRoot ? ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"] : []),
    ...["bwrap", "--unshare-user", "--uid", `${user}`, "--gid", `${user}`],
    ...["--unshare-pid", "--die-with-parent"],
    ...["--ro-bind", root, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    ...["--bind", join(workFolder, "trap"), "/tmp/trap", "--bind", join(workFolder, "log"), stateFolder],
    ...["--clearenv", ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value])],
  ];
}

/** Runs `claude-proxy status`, which is the image's health check, and gives its exit code and words. */
function checkHealth(words: readonly string[]): [number, string] {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words, "claude-proxy", "status"], {
    env: { PATH: "/usr/bin:/bin" },
  });
  return [exitCode, `${stdout}${stderr}`];
}

/**
 * Assembles what the container image holds and runs it without a Docker engine: as its user, with a root that cannot
 * be written, health check included.
 */
export async function checkContainer(folder: string): Promise<string> {
  await requirePackages(["bubblewrap"], ["bwrap"]);
  const root = join(folder, "..", "root");
  runTool(["sh", join(import.meta.dir, "../assemble-container-root.sh"), locateProgram("linux-x64"), root]);
  const image = readImageSettings();
  deepStrictEqual(image.user, `${user}:${user}`);
  // The Dockerfile's second COPY; here the state folder is mounted, as a volume is.
  mkdirSync(join(root, stateFolder), { recursive: true });
  deepStrictEqual(readdirSync(join(root, "usr/local/bin")), ["claude-proxy"]);
  // The image's user has to get to it.
  chmodSync(join(folder, ".."), 0o711);
  let health: [number, string] = [-1, "not asked"];
  const way: Way = {
    start: (trap, settings) => {
      giveToUser(trap);
      giveToUser(join(folder, "log"));
      const env = { ...image.env, ...settings, PROXY_API_KEY: "local" };
      const sandbox = createSandbox(root, folder, env);
      const program = startWithSignals([...sandbox, "--chdir", "/tmp/trap", "claude-proxy", "serve"], {
        folder,
        env: { PATH: "/usr/bin:/bin" },
      });
      // Before it is stopped: the health check of a proxy that answers.
      return {
        ...program,
        interrupt: () => {
          health = checkHealth(sandbox);
          program.interrupt();
        },
      };
    },
    mapPath: (path) => path.replace(join(folder, "log"), stateFolder),
    commands: null,
  };
  const seen = await exerciseProxy(way, folder, await countExpectedTokens());
  deepStrictEqual(health[0], 0, health[1]);
  match(health[1], /^claude-proxy \S+ answers at http:\/\/127\.0\.0\.1:\d+/);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return `${files.length} files, read-only, user ${user}, health check ok; ${seen}`;
}
