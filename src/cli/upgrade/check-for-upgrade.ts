import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { findNewestRelease } from "./find-newest-release.ts";

/** What is compared, and how the program is replaced. */
interface Check {
  /** The address of the project's page. */
  readonly project: string;
  /** That of the running program; null in a clone, which has none of its own. */
  readonly version: string | null;
  readonly wayToUpgrade: string;
}

/** The exit code that says that there is a newer release. */
const newerExitCode = 10;

/**
 * Says whether there is a newer release, and how to get it.
 * @throws CommandError with exit code 10 if there is one, and with 1 if it cannot be found out
 */
export async function checkForUpgrade(check: Check, terminal: Terminal): Promise<void> {
  const { project, version, wayToUpgrade } = check;
  const newest = await findNewestRelease(project);
  if ("fault" in newest) {
    throw new CommandError(
      `It is not known whether there is a newer release: ${newest.fault}. Look at ${project}/releases yourself.`,
      1,
    );
  }
  if (version === null) {
    throw new CommandError(
      `This runs from a clone, which may be newer or older than the newest release, ${newest.version}.\nTo upgrade: ${wayToUpgrade}`,
      1,
    );
  }
  if (Bun.semver.order(version, newest.version) >= 0) {
    terminal.stdout(`This is ${version}. The newest release is ${newest.version}: there is nothing to do.\n`);
    return;
  }
  terminal.stdout(
    [
      `${newest.version} is out, this is ${version}. What is new: ${newest.url}`,
      `To upgrade: ${wayToUpgrade}`,
      "A proxy that runs stays as it is until it is restarted.",
      "",
    ].join("\n"),
  );
  throw new CommandError("", newerExitCode);
}
