import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../run-program-in.ts";

/** An empty home, and the real program in it. */
export interface InitHome extends Disposable {
  readonly home: string;
  /** The path of a file in the config folder. */
  pathOf(name: ".env" | "config.yaml"): string;
  /** Its text; null if there is none. */
  read(name: ".env" | "config.yaml"): string | null;
  write(name: ".env" | "config.yaml", text: string, mode?: number): void;
  modeOf(name: ".env" | "config.yaml"): number;
  /** All files of the home, by their paths in it. */
  files(): string[];
  run(
    args: readonly string[],
    options?: { env?: Readonly<Record<string, string>>; input?: string },
  ): Promise<{ exitCode: number; out: string; err: string }>;
}

/** Creates an empty home for `claude-proxy init`. */
export function createInitHome(): InitHome {
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-init-test-"));
  const folder = join(home, ".config", "claude-proxy");
  const pathOf = (name: string) => join(folder, name);
  return {
    home,
    pathOf,
    read(name) {
      try {
        return readFileSync(pathOf(name), "utf8");
      } catch {
        return null;
      }
    },
    write(name, text, mode = 0o600) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(pathOf(name), text, { mode });
    },
    modeOf: (name) => statSync(pathOf(name)).mode & 0o777,
    files: () =>
      readdirSync(home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes(".bun"))
        .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
        .toSorted(),
    run: (args, { env = {}, input } = {}) =>
      runProgramIn(home, ["init", ...args], env, { cwd: home, ...(input === undefined ? {} : { input }) }),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
