/** Where a command speaks to its user. Commands get it handed in and read no environment themselves. */
export interface Terminal {
  /** Writes text to standard output as it is; line breaks are the caller's. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean;
  /** False when standard output is no terminal or the user has set NO_COLOR. */
  readonly useColor: boolean;
  /** Width of the terminal in columns; 80 when standard output is none. */
  readonly columns: number;
}

/**
 * Makes the terminal of this process.
 * @param noColor whether the user asked for no colour
 */
export function createTerminal(noColor: boolean): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    // The reader of our output may go away (`| head`): that is no reason to stop serving.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") {
        throw error;
      }
    });
  }
  const isTTY = process.stdout.isTTY === true;
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTTY,
    useColor: isTTY && !noColor,
    columns: process.stdout.columns ?? 80,
  };
}
