import { globSync } from "node:fs";

/** Whether the lists of packages are new: once a run is enough. */
let isUpdated = false;

/**
 * Installs Debian packages unless what they bring is there already.
 * @param programs names on the PATH, or absolute paths of files, in which `*` may stand for a version
 * @param prepare a script of the shell that root runs before the installation
 * @throws Error when they are missing and cannot be installed
 */
export async function requirePackages(
  packages: readonly string[],
  programs: readonly string[],
  prepare?: string,
): Promise<void> {
  const isThere = (name: string) =>
    name.startsWith("/") ? globSync(name).length > 0 : Bun.which(name) !== null;
  const findMissing = () => programs.filter((name) => !isThere(name));
  if (findMissing().length === 0) {
    return;
  }
  // A runner of a CI service is no root, but may become it.
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  if (prepare !== undefined) runTool([...asRoot, "sh", "-c", prepare]);
  const steps = [["update"], ["install", "-y", "--no-install-recommends", ...packages]];
  for (const words of isUpdated ? steps.slice(1) : steps) {
    const command = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...words];
    Bun.spawnSync(command, { stdio: ["ignore", "ignore", "inherit"] });
  }
  const missing = findMissing();
  if (missing.length > 0) {
    throw new Error(`${missing.join(", ")} is missing. Install these Debian packages: ${packages.join(" ")}`);
  }
  isUpdated = true;
}

/** Runs a program that has to succeed and gives what it printed. */
export function runTool(words: readonly string[], env?: Readonly<Record<string, string>>): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], {
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    stdin: "ignore",
  });
  if (exitCode !== 0) {
    throw new Error(`${words.join(" ")} has failed (${exitCode}): ${stderr}${stdout}`);
  }
  return stdout.toString();
}
