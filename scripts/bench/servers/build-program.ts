import { join } from "node:path";

/** Builds the program into a folder, and gives its path. Throws with what the build said. */
export function buildProgram(folder: string): string {
  const program = join(folder, "claude-proxy");
  const words = ["--no-env-file", join(import.meta.dir, "../../build.ts"), "--outfile", program];
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, ...words]);
  if (exitCode !== 0) throw new Error(`The program could not be built: ${stderr}`);
  return program;
}
