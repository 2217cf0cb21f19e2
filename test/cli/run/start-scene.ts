import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { listTree } from "../../support/list-tree.ts";

const main = join(import.meta.dir, "../../../src/main.ts");

/** What the fake Claude Code wrote down of itself. */
export interface SeenClaude {
  args: string[];
  env: Record<string, string>;
  stdin: string;
  /** What stood in the file of `--settings`, if it was one. */
  settingsFile: string | null;
}

/**
 * A Claude Code that writes down what it gets, asks the proxy for its models, and ends with the code in `EXIT`; with
 * `WAIT=1` it waits for a signal and ends with 40 at an interrupt, with `SAVE` it saves a model as its default.
 * With `LINGER=1`, asked for its version, it leaves a program behind that holds its output open.
 */
const fake = (version: string) => `
const { existsSync, readFileSync, writeFileSync, mkdirSync } = require("node:fs");
const args = process.argv.slice(2);
const home = process.env.HOME;
if (args[0] === "--version") {
  console.log("${version} (Claude Code)");
  if (process.env.LINGER) {
    const left = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "inherit", "ignore"] });
    left.unref();
    writeFileSync(home + "/left", String(left.pid));
  }
  process.exit(0);
}
const text = args[args.indexOf("--settings") + 1];
const isFile = args.includes("--settings") && existsSync(text);
process.on("SIGINT", () => { console.log("interrupted"); process.exit(40); });
(async () => {
  const stdin = process.env.WAIT ? "" : await Bun.stdin.text();
  writeFileSync(home + "/seen.json", JSON.stringify({ args, env: process.env, stdin, settingsFile: isFile ? readFileSync(text, "utf8") : null }));
  const answer = await fetch(process.env.ANTHROPIC_BASE_URL + "/", { proxy: false });
  console.log("proxy " + answer.status);
  if (process.env.SAVE) {
    mkdirSync(home + "/.claude", { recursive: true });
    writeFileSync(home + "/.claude/settings.json", JSON.stringify({ model: process.env.SAVE }));
  }
  if (process.env.WAIT) { console.log("waiting"); setInterval(() => {}, 1000); }
  else process.exit(Number(process.env.EXIT ?? 0));
})();
`;

export interface RunProgram {
  out: string;
  err: string;
  exitCode: number;
}

export interface Scene {
  home: string;
  /** Runs the real program to its end. */
  run(
    args: readonly string[],
    changes?: { env?: Readonly<Record<string, string>>; stdin?: string },
  ): Promise<RunProgram>;
  /** Starts it; the caller ends it. */
  start(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Bun.Subprocess<Blob, "pipe", "pipe">;
  /** What the last Claude Code saw. */
  seen(): SeenClaude;
  /** Writes a file below the home. */
  write(path: string, text: string): string;
  /** Everything in the home, with its content. */
  tree(): string[];
  [Symbol.dispose](): void;
}

/**
 * A home with a fake Claude Code of this version in `PATH`; null for none.
 * @param settings of the program, in its environment
 */
export function startScene(version: string | null, settings: Readonly<Record<string, string>>): Scene {
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-run-test-"));
  const programs = mkdtempSync(join(tmpdir(), "claude-proxy-run-programs-"));
  if (version !== null) {
    const path = join(programs, "claude");
    writeFileSync(join(programs, "claude.js"), fake(version));
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" --no-env-file "${programs}/claude.js" "$@"\n`);
    chmodSync(path, 0o755);
  }
  const spawn = (args: readonly string[], env: Readonly<Record<string, string>>, stdin: Blob) =>
    Bun.spawn([process.execPath, "--no-env-file", main, ...args], {
      cwd: home,
      env: {
        PATH: `${programs}${delimiter}/usr/bin${delimiter}/bin`,
        HOME: home,
        PORT: "0",
        LOG_FILE_PATH: join(home, "claude-proxy.log"),
        RECORD: "off",
        ...settings,
        ...env,
      },
      stdin,
      stdout: "pipe",
      stderr: "pipe",
    });
  return {
    home,
    async run(args, { env = {}, stdin = "" } = {}) {
      const child = spawn(args, env, new Blob([stdin]));
      const [out, err, exitCode] = await Promise.all([
        child.stdout.text(),
        child.stderr.text(),
        child.exited,
      ]);
      return { out, err, exitCode };
    },
    start: (args, env = {}) => spawn(args, env, new Blob([])),
    seen: () => JSON.parse(readFileSync(join(home, "seen.json"), "utf8")),
    write(path, text) {
      const whole = join(home, path);
      mkdirSync(join(whole, ".."), { recursive: true });
      writeFileSync(whole, text);
      return whole;
    },
    tree: () => listTree(home),
    [Symbol.dispose]: () => {
      for (const folder of [home, programs]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
