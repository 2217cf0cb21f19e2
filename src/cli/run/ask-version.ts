import type { Environment } from "../../config/locate-folders.ts";
import { type ClientVersion, parseClientVersion } from "../../launch/client-version.ts";
import { CommandError } from "../command-error.ts";

/** The oldest versions take some seconds on a slow machine. */
const limitMs = 20_000;

/**
 * Asks Claude Code for its version.
 * @returns null if it does not say one, or not in time
 * @throws CommandError if it cannot be started
 */
export async function askVersion(words: readonly string[], env: Environment): Promise<ClientVersion | null> {
  try {
    const child = Bun.spawn([...words, "--version"], {
      env: { ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      timeout: limitMs,
      windowsHide: true,
    });
    return parseClientVersion(await child.stdout.text());
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    throw new CommandError(`Claude Code cannot be started: ${words.join(" ")}\n${reason}`, 1, {
      cause: error,
    });
  }
}
