import type { Environment } from "../../config/locate-folders.ts";
import { CommandError } from "../command-error.ts";

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system and waits for its end. Throws CommandError if there is no such program. */
export type CommandRunner = (words: readonly string[]) => Promise<CommandResult>;

function locateCommand(name: string, env: Environment): string {
  const path = Bun.which(name, { PATH: env["PATH"] ?? env["Path"] ?? "" });
  if (path === null) {
    throw new CommandError(`${name} is not installed on this machine, and the service needs it.`, 1);
  }
  return path;
}

/** @param env the variables for the programs; its `PATH` locates them */
export function createCommandRunner(env: Environment): CommandRunner {
  return async ([name = "", ...args]) => {
    const child = Bun.spawn([locateCommand(name, env), ...args], {
      env: { ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { exitCode, stdout, stderr };
  };
}

/** @throws CommandError with the program's output if it failed */
export function requireSuccess(words: readonly string[], { exitCode, stdout, stderr }: CommandResult): void {
  if (exitCode !== 0) {
    const reason = [stderr.trim(), stdout.trim()].find((text) => text !== "") ?? `exit code ${exitCode}`;
    throw new CommandError(`This command failed: ${words.join(" ")}\n${reason}`, 1);
  }
}

/**
 * Runs a program of the system that must succeed.
 * @throws CommandError with the program's output
 */
export async function runOrFail(run: CommandRunner, words: readonly string[]): Promise<void> {
  requireSuccess(words, await run(words));
}

/**
 * Runs a program of the system and shows its output as it comes, until it ends or the user interrupts it.
 * @throws CommandError without a message if the program has failed: its output explains why
 */
export async function showOutput(env: Environment, [name = "", ...args]: readonly string[]): Promise<void> {
  const child = Bun.spawn([locateCommand(name, env), ...args], {
    env: { ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await child.exited) !== 0) {
    throw new CommandError("", 1);
  }
}
