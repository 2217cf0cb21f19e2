// Builds the program as one file: `bun run build [--outfile dist/claude-proxy] [--target bun-linux-arm64]`.
import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { buildNotices } from "./release/build-notices.ts";
import { listBundledPackages } from "./release/bundled-packages.ts";

const root = join(import.meta.dir, "..");

const { values: options } = parseArgs({
  options: {
    outfile: { type: "string", default: "dist/claude-proxy" },
    /** Any of Bun's compile targets; without it, the machine that builds. */
    target: { type: "string" },
  },
});

/** Short id of the commit, with `-changed` when files differ from it; empty outside a git clone, or without git. */
function readCommit(): string {
  if (Bun.which("git") === null) {
    return "";
  }
  const git = (...args: string[]) => Bun.spawnSync(["git", ...args], { stderr: "ignore" });
  const commit = git("rev-parse", "--short=10", "HEAD");
  if (commit.exitCode !== 0) {
    return "";
  }
  const isChanged = git("status", "--porcelain").stdout.length > 0;
  return commit.stdout.toString().trim() + (isChanged ? "-changed" : "");
}

await Bun.build({
  entrypoints: [
    "src/main.ts",
    "src/tokens/tokenizer-worker.ts",
    "src/record/write-worker.ts",
    "src/record/read-worker.ts",
  ],
  // Each thread's program beside the pieces of the main one, whatever its folder: that is where
  // `new URL("./tokenizer-worker.ts", import.meta.url)` looks for it.
  naming: "[name].[ext]",
  compile: {
    outfile: options.outfile,
    // Users stand in repositories they do not trust: by default Bun would run the `preload` of a bunfig.toml there
    // and take the variables of its .env.
    autoloadDotenv: false,
    autoloadBunfig: false,
    // What runs once at a start is not compiled; `cli/end-start-policy.ts` ends that.
    jitPolicy: 30,
    ...(options.target === undefined ? {} : { target: options.target as Bun.Build.CompileTarget }),
  },
  minify: true,
  bytecode: true,
  format: "esm",
  // What a command loads when it needs it stays a file of its own inside: as one file, `serve` starts 8 ms later.
  splitting: true,
  define: {
    "process.env.NODE_ENV": '"production"',
    CLAUDE_PROXY_VERSION: JSON.stringify(packageJson.version),
    CLAUDE_PROXY_COMMIT: JSON.stringify(readCommit()),
    // The licences of what is built in have to go with the program, also where it is handed on without its archive.
    CLAUDE_PROXY_NOTICES: JSON.stringify(
      buildNotices(listBundledPackages(root), root, packageJson.devDependencies.bun),
    ),
  },
});
const file = options.target?.includes("windows")
  ? `${options.outfile.replace(/\.exe$/, "")}.exe`
  : options.outfile;
console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
