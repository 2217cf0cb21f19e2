/**
 * Thrown by a command that cannot go on. `run-program.ts` prints the message unchanged, without a stack, and ends the
 * program with the exit code. It prints nothing for an empty message.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /**
   * 1: the command failed this time; 2: it was wrong (a setting, a flag, a file); 130: the user broke it off. That of
   * another program, if this one only ran it.
   */
  readonly exitCode: number;

  /** @param message plain English that names the remedy, one or more lines */
  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
