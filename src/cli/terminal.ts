/** The terminal of a command's user. Commands receive it as an argument and read no environment themselves. */
export interface Terminal {
  /** Writes text to standard output unchanged; the caller adds line breaks. Never throws: lost texts are counted. */
  stdout(text: string): void;
  stderr(text: string): void;
  /**
   * How many texts could not be written to either output, not counting those whose reader went away. Absent if none can
   * be lost.
   */
  lostTexts?(): number;
  /** False if standard output is no terminal, or if the user wants no colour. */
  readonly useColor: boolean;
  /** Current width of the terminal in columns; null if standard output is no terminal. */
  readonly columns: number | null;
}

/** The terminal of this process, which exits after `flushed`. */
export interface ProcessTerminal extends Terminal {
  /** Settles once everything has been written, or nothing more can be written. */
  flushed(): Promise<void>;
  lostTexts(): number;
}

/**
 * Creates the terminal of this process. It writes with Bun's own sinks: `process.stdout` loads Node's streams, which
 * takes a fifth of the start-up time of `serve`.
 * @param noColor whether the user asked for no colour
 */
export async function createTerminal(noColor: boolean): Promise<ProcessTerminal> {
  const stdout = createWriter(Bun.stdout.writer());
  const stderr = createWriter(Bun.stderr.writer());
  const isShown = await isTerminal(noColor);
  return {
    stdout: stdout.write,
    stderr: stderr.write,
    useColor: isShown && !noColor,
    get columns() {
      return isShown ? (process.stdout.columns ?? null) : null;
    },
    lostTexts: () => stdout.lostTexts() + stderr.lostTexts(),
    async flushed() {
      await Promise.all([stdout.flushed(), stderr.flushed()]);
    },
  };
}

/** Whether standard output is a terminal. */
async function isTerminal(noColor: boolean): Promise<boolean> {
  // False if neither output is a terminal. This is known without loading `node:tty`, which takes 3 ms. But it is also
  // false if the user wants no colour.
  if (!Bun.enableANSIColors && !noColor) return false;
  const { isatty } = await import("node:tty");
  return isatty(1);
}

/**
 * Writes to one of our outputs. A full disk, a closed terminal or a reader that went away (`| head`) is no reason to
 * stop: the next write may succeed.
 */
function createWriter(sink: Bun.FileSink) {
  let flushing: Promise<unknown> = Promise.resolve();
  let lostTexts = 0;

  function countLost(error: unknown): void {
    // The reader is gone, so nobody misses the text.
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return;
    lostTexts += 1;
  }

  return {
    write(text: string): void {
      try {
        const written = sink.write(text);
        // Mostly done at once; a promise while the reader of a pipe is slow, or for a large text.
        if (written instanceof Promise) flushing = written.catch(countLost);
        const flushed = sink.flush();
        if (flushed instanceof Promise) flushing = Promise.all([flushing, flushed.catch(countLost)]);
      } catch (error) {
        countLost(error);
      }
    },
    async flushed(): Promise<void> {
      await flushing;
    },
    lostTexts: () => lostTexts,
  };
}
