import { stat } from "node:fs/promises";

export interface FileWatch {
  close(): void;
}

export interface FileWatchOptions {
  /** The first look counts as a change if a file was changed at this time or later. */
  readonly changedSince: Date;
  /** Called whenever the files have changed and are still again; a file that has vanished has changed. */
  readonly onChange: () => void;
  /** Another time between two looks, for tests. */
  readonly lookMs?: number;
}

/**
 * How often the files are looked at. What was written counts once two looks in a row see the same, so an edit is taken
 * over within half a second. A look takes 0.7 ms of a processor, most of it for threads that wake up: the look may
 * block on a network drive, so it is not made on the main one.
 */
const usualLookMs = 250;

/**
 * Watches files that people, editors and orchestrators write: anew under the same name, by a rename, in several steps,
 * behind a symbolic link that is replaced, on a network drive. Looks are the only way that sees all of these; what the
 * system reports of changes leaves some of them out. The watch does not keep the program running.
 * @param paths of the files, which need not exist
 */
export function watchFiles(paths: readonly string[], options: FileWatchOptions): FileWatch {
  const { changedSince, onChange, lookMs = usualLookMs } = options;
  /** What was seen at the last call of `onChange`; null before the first look. */
  let reported: string | null = null;
  let last = "";
  let isLooking = false;

  const look = async (): Promise<void> => {
    const looks = await Promise.all(paths.map(lookAt));
    const seen = looks.map(({ stamp }) => stamp).join("\n");
    const isStill = seen === last;
    last = seen;
    if (reported === null) {
      const isNew = looks.some(({ changedMs }) => changedMs >= changedSince.getTime());
      reported = isNew ? "" : seen;
    }
    if (!isStill || seen === reported) return;
    reported = seen;
    onChange();
  };

  const timer = setInterval(() => {
    // A look at a network drive may take longer than the time between two.
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, lookMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** What changes whenever the file does, and when that was. Never throws: a file that cannot be seen is a state, too. */
async function lookAt(path: string): Promise<{ stamp: string; changedMs: number }> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return { stamp: [dev, ino, size, mtimeNs, ctimeNs].join(" "), changedMs: Number(ctimeNs / 1_000_000n) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { stamp: code, changedMs: 0 };
  }
}
