/** Whether the lists of packages are new: once a run is enough. */
let isUpdated = false;

/**
 * Installs Debian packages unless what they bring is there already.
 * @param programs names on the PATH, or absolute paths of files
 * @throws Error when they are missing and cannot be installed
 */
export async function requirePackages(
  packages: readonly string[],
  programs: readonly string[],
): Promise<void> {
  const isThere = async (name: string) =>
    name.startsWith("/") ? await Bun.file(name).exists() : Bun.which(name) !== null;
  const findMissing = async () => {
    const found = await Promise.all(programs.map(isThere));
    return programs.filter((_name, index) => !found[index]);
  };
  if ((await findMissing()).length === 0) {
    return;
  }
  // A runner of a CI service is no root, but may become it.
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  const steps = [["update"], ["install", "-y", "--no-install-recommends", ...packages]];
  for (const words of isUpdated ? steps.slice(1) : steps) {
    const command = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...words];
    Bun.spawnSync(command, { stdio: ["ignore", "ignore", "inherit"] });
  }
  const missing = await findMissing();
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
