/** 1: it could not be done just now; 2: it was asked for wrongly (a setting, a flag, a command). */
export type FailureExitCode = 1 | 2;

/**
 * Thrown by a command that cannot go on. `run-program.ts` prints the message as it is, without a stack, and ends the program
 * with the exit code. An empty message prints nothing.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: FailureExitCode;

  /** @param message plain English that says what to do, one or more lines */
  constructor(message: string, exitCode: FailureExitCode, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
