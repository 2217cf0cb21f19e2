type Warn = (message: string, cause: unknown) => void;

/** Warns of the same problem once: otherwise every answer would repeat that a folder cannot be written. */
export function createOnceWarner(warn: Warn): { warn: Warn; forget(): void } {
  const warned = new Set<string>();
  return {
    warn(message, cause) {
      if (warned.has(message)) return;
      warned.add(message);
      warn(message, cause);
    },
    /** A write has succeeded, so later problems are new. */
    forget: () => warned.clear(),
  };
}
