import { join } from "node:path";

/** Runs one command of the program in a process of its own, for a user with this home folder. */
export async function runProgramIn(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number; out: string; err: string }> {
  const main = join(import.meta.dir, "../../src/main.ts");
  const child = Bun.spawn([process.execPath, "--no-env-file", main, ...args], {
    env: {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      ...(process.env["TZ"] ? { TZ: process.env["TZ"] } : {}),
      ...env,
    },
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
