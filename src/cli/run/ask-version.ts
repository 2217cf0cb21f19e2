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
    return parseClientVersion(await readFirstLine(child.stdout));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    throw new CommandError(`Claude Code cannot be started: ${words.join(" ")}\n${reason}`, 1, {
      cause: error,
    });
  }
}

/** No version is longer. */
const mostCharacters = 1_000;

/** The first line, or what there is of it. What the program has left behind may hold the output open for long. */
async function readFirstLine(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (text.trimStart().includes("\n") || text.length > mostCharacters) break;
  }
  return text;
}
