import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Environment } from "../../config/locate-folders.ts";
import { applyVariables } from "../../launch/apply-variables.ts";
import type { LaunchVariable } from "../../launch/launch-subject.ts";
import { CommandError } from "../command-error.ts";

/** What a terminal sends to all of its programs at once, and Claude Code among them. */
const ofTerminal: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGINT"] : ["SIGINT", "SIGQUIT"];
const ofOthers: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGBREAK"] : ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
const forwarded = [...ofTerminal, ...ofOthers];

/** The numbers of this system's signals, which exit codes have as shells say them. */
const signalNumbers = new Map<unknown, number>(Object.entries(constants.signals));

/**
 * Starts Claude Code with our own terminal and waits for its end. Signals that only this process gets are passed to it.
 * @returns its exit code; 128 and the number of the signal that ended it
 * @throws CommandError if it cannot be started
 */
export async function startClaude(
  words: readonly string[],
  variables: readonly LaunchVariable[],
  env: Environment,
): Promise<number> {
  // Without a terminal, an interrupt comes to this process alone.
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  const child = spawn(words, applyVariables(env, variables, process.platform));
  const pass = (signal: NodeJS.Signals) => {
    if (!(hasTerminal && ofTerminal.includes(signal))) child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, pass);
  try {
    const code = await child.exited;
    const { signalCode } = child;
    return signalCode === null ? code : 128 + (signalNumbers.get(signalCode) ?? 0);
  } finally {
    for (const signal of forwarded) process.off(signal, pass);
  }
}

function spawn(words: readonly string[], env: Record<string, string>) {
  try {
    return Bun.spawn([...words], { env, stdio: ["inherit", "inherit", "inherit"] });
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    throw new CommandError(`Claude Code cannot be started: ${reason}`, 1, { cause: error });
  }
}
