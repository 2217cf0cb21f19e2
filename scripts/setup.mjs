// Makes a clone ready on a machine that has only git, Node and npm: gets the exact Bun that package.json names and
// lets it install the packages of the lockfile. Plain Node without packages, since nothing is there yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const bootstrap = join(modules, ".bootstrap");
const stampFile = join(modules, ".setup-stamp");
const packageText = readFileSync(join(root, "package.json"), "utf8");
const stamp = createHash("sha256")
  .update(packageText)
  .update(readFileSync(join(root, "bun.lock")))
  .digest("hex");

/** The package calls its binary bun.exe on every platform. */
const bunIn = (folder) => join(folder, "node_modules", "bun", "bin", "bun.exe");

/**
 * What the program writes is shown when it fails; its errors at once.
 * @returns {boolean} whether the program ended well
 */
function run(command, args, folder) {
  // npm tells its children where its own project is; the bootstrap folder is another one.
  const { npm_config_local_prefix: _, ...env } = process.env;
  const { status, stdout } = spawnSync(command, args, {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.stdout.write(stdout ?? "");
  return status === 0;
}

/** @returns {boolean} whether the Bun of that folder starts and has the wanted version */
function hasBun(folder, version) {
  const result = spawnSync(bunIn(folder), ["--version"], { encoding: "utf8" });
  return result.status === 0 && result.stdout.trim() === version;
}

function fail(message) {
  console.error(`\nSet-up failed: ${message}`);
  process.exit(1);
}

function runNpm(args, folder) {
  // Under `npm run` the npm that runs is known; without a shell, npm.cmd could not be started on Windows.
  const npm = process.env.npm_execpath;
  return npm?.endsWith(".js")
    ? run(process.execPath, [npm, ...args], folder)
    : spawnSync(`npm ${args.join(" ")}`, { cwd: folder, shell: true, stdio: "inherit" }).status === 0;
}

/** npm 12 runs no install scripts; Bun's puts its binary in place and can be run by hand. */
function finishBun(folder, version) {
  return (
    hasBun(folder, version) ||
    (run(process.execPath, ["install.js"], join(folder, "node_modules", "bun")) && hasBun(folder, version))
  );
}

/** @returns {string} the folder that holds a Bun of the wanted version */
function getBun(version) {
  if (hasBun(root, version)) {
    return root;
  }
  console.log(`Getting Bun ${version} from the npm registry (about 40 MB) ...`);
  mkdirSync(bootstrap, { recursive: true });
  const wanted = { private: true, dependencies: { bun: version }, allowScripts: { bun: true } };
  writeFileSync(join(bootstrap, "package.json"), JSON.stringify(wanted));
  const isInstalled = runNpm(
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--loglevel=error",
      // As often as npm tries by itself, which waits 70 seconds between: a registry out of reach is said in five.
      "--fetch-retry-mintimeout=1000",
      "--fetch-retry-maxtimeout=3000",
    ],
    bootstrap,
  );
  if (!isInstalled || !finishBun(bootstrap, version)) {
    fail(
      `npm could not install Bun ${version}. Is the npm registry within reach? Then run the command again.`,
    );
  }
  return bootstrap;
}

function setUp() {
  const version = JSON.parse(packageText).devDependencies.bun;
  const folder = getBun(version);
  console.log("Installing packages ...");
  if (!run(bunIn(folder), ["install", "--frozen-lockfile"], root) || !finishBun(root, version)) {
    fail("the packages could not be installed. The lines above say why; then run the command again.");
  }
  rmSync(bootstrap, { recursive: true, force: true });
  writeFileSync(stampFile, stamp);
}

if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp || !existsSync(bunIn(root))) {
  setUp();
}
