/** Where a command speaks to its user. Commands get it handed in and read no environment themselves. */
export interface Terminal {
  /** Writes text to standard output as it is; line breaks are the caller's. Never throws: what is lost is counted. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** How many texts could not be written to either, not counting those whose reader went away. Absent: none is lost. */
  lostTexts?(): number;
  /** False when standard output is no terminal, or one on which the user wants no colour. */
  readonly useColor: boolean;
  /** Width of the terminal in columns, as it is now; null when standard output is none. */
  readonly columns: number | null;
}

/** The terminal of this process, which ends after `flushed`. */
export interface ProcessTerminal extends Terminal {
  /** Settles once everything has been written, or can be written no more. */
  flushed(): Promise<void>;
  lostTexts(): number;
}

/**
 * Makes the terminal of this process. It writes with Bun's own sinks: `process.stdout` brings Node's streams with it,
 * which is a fifth of the time in which `serve` starts.
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
  // False when neither of our outputs is one, which is known before `node:tty` is loaded, at the cost of 3 ms; but also
  // when the user wants no colour.
  if (!Bun.enableANSIColors && !noColor) return false;
  const { isatty } = await import("node:tty");
  return isatty(1);
}

/**
 * Writes to one of our outputs. A disk that is full, a terminal that was closed or a reader that went away (`| head`)
 * is no reason to stop: the next text may be taken again.
 */
function createWriter(sink: Bun.FileSink) {
  let flushing: Promise<unknown> = Promise.resolve();
  let lostTexts = 0;

  function countLost(error: unknown): void {
    // Nobody is there who misses it.
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return;
    lostTexts += 1;
  }

  return {
    write(text: string): void {
      try {
        const written = sink.write(text);
        // Done at once for most; a promise while the reader of a pipe takes its time, or for a large text.
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
