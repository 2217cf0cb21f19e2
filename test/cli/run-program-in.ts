import { join } from "node:path";

export interface ProgramSurroundings {
  /** Default: the tests' own. */
  cwd?: string;
  /** What it reads at its standard input; default: nothing. */
  input?: string;
}

/** Runs one command of the program in a process of its own, for a user with this home folder. */
export async function runProgramIn(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { cwd, input }: ProgramSurroundings = {},
): Promise<{ exitCode: number; out: string; err: string }> {
  const main = join(import.meta.dir, "../../src/main.ts");
  const child = Bun.spawn([process.execPath, "--no-env-file", main, ...args], {
    env: {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      ...(process.env["TZ"] ? { TZ: process.env["TZ"] } : {}),
      ...env,
    },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, out, err };
}
