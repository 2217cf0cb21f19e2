import { createLogger, type Logger } from "../../logging/logger.ts";
import type { Terminal } from "../terminal.ts";

export interface HeldLog {
  logger: Logger;
  /** The lines that are held back. */
  lines: readonly string[];
  /** From now on each line goes to the terminal when it is written. */
  release(): void;
}

/** A log that keeps its lines to itself until the drawing is finished. It has no file. */
export function createHeldLog(terminal: Terminal): HeldLog {
  const lines: string[] = [];
  let isReleased = false;
  const logger = createLogger({
    level: "INFO",
    logFilePath: null,
    secrets: [],
    useColor: terminal.useColor,
    writeConsole(line) {
      if (isReleased) terminal.stdout(`${line}\n`);
      else lines.push(line);
    },
  });
  return {
    logger,
    lines,
    release() {
      isReleased = true;
    },
  };
}
