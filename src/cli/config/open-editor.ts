import { isatty } from "node:tty";
import { getCurrentPlace } from "../../config/current-place.ts";
import { buildEditorCommand } from "../../config/editor-command.ts";
import { CommandError } from "../command-error.ts";

/** What a shell returns for a program that it does not find, or may not start. */
const notStarted = [126, 127];

/** The exit code of the editor, or of the shell that did not find it. */
async function runEditor(words: readonly string[]): Promise<number> {
  try {
    const child = Bun.spawn([...words], {
      stdio: ["inherit", "inherit", "inherit"],
      windowsVerbatimArguments: true,
    });
    return await child.exited;
  } catch (error) {
    // An image without a shell.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 127;
    throw error;
  }
}

/**
 * Opens the file in the user's editor, and waits until that has ended.
 * @throws CommandError if it could not be started, or said that it failed
 */
export async function openEditor(path: string): Promise<void> {
  const { words, name, needsTerminal } = buildEditorCommand(path, getCurrentPlace());
  if (needsTerminal && !(isatty(0) && isatty(1))) {
    throw new CommandError(
      `There is no terminal for ${name}. The variable VISUAL or EDITOR names another editor.`,
      2,
    );
  }
  // Ctrl-C is meant for the editor, which the terminal tells too.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    const exitCode = await runEditor(words);
    if (exitCode === 0) return;
    const fault = notStarted.includes(exitCode) ? "could not be started" : `ended with exit code ${exitCode}`;
    throw new CommandError(
      `The editor ${name} ${fault}.\nThe variable VISUAL or EDITOR names another one: EDITOR=nano claude-proxy config edit`,
      1,
    );
  } finally {
    process.off("SIGINT", ignore);
  }
}
