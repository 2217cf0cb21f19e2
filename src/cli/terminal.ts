/** Where a command speaks to its user. Commands get it handed in and read no environment themselves. */
export interface Terminal {
  /** Writes text to standard output as it is; line breaks are the caller's. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** False when standard output is no terminal or the user has set NO_COLOR. */
  readonly useColor: boolean;
  /** Width of the terminal in columns; 80 when standard output is none. */
  readonly columns: number;
}

/** The terminal of this process, which ends after `flushed`. */
export interface ProcessTerminal extends Terminal {
  /** Settles once everything has been written, or can be written no more. */
  flushed(): Promise<void>;
}

/**
 * Makes the terminal of this process. It writes with Bun's own sinks: `process.stdout` brings Node's streams with it,
 * which is a fifth of the time in which `serve` starts.
 * @param noColor whether the user asked for no colour
 */
export async function createTerminal(noColor: boolean): Promise<ProcessTerminal> {
  const stdout = createWriter(Bun.stdout.writer());
  const stderr = createWriter(Bun.stderr.writer());
  return {
    stdout: stdout.write,
    stderr: stderr.write,
    useColor: !noColor && (await isTerminal()),
    get columns() {
      return process.stdout.columns ?? 80;
    },
    async flushed() {
      await Promise.all([stdout.flushed(), stderr.flushed()]);
    },
  };
}

/** Whether standard output is a terminal. */
async function isTerminal(): Promise<boolean> {
  // False when neither of our outputs is one, which is known before `node:tty` is loaded, at the cost of 3 ms.
  if (!Bun.enableANSIColors) return false;
  const { isatty } = await import("node:tty");
  return isatty(1);
}

function createWriter(sink: Bun.FileSink) {
  let flushing: Promise<unknown> = Promise.resolve();
  return {
    write(text: string): void {
      try {
        sink.write(text);
        // Settled at once for most; a promise while the reader of a pipe takes its time.
        flushing = Promise.resolve(sink.flush()).catch(ignoreReaderGone);
      } catch (error) {
        ignoreReaderGone(error);
      }
    },
    async flushed(): Promise<void> {
      await flushing;
    },
  };
}

/** The reader of our output may go away (`| head`): that is no reason to stop serving. */
function ignoreReaderGone(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "EPIPE") return;
  throw error;
}
