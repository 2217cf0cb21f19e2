import { createLogger, type Logger } from "../../logging/logger.ts";
import type { Terminal } from "../terminal.ts";

export interface HeldLog {
  logger: Logger;
  /** The lines that are held back. */
  lines: readonly string[];
  /** From now on each line goes to the terminal when it is written. */
  release(): void;
}

/**
 * A log that keeps its lines to itself until the drawing is finished. It has no file, and a line only for requests
 * that came to the upstream or failed.
 */
export function createHeldLog(terminal: Terminal): HeldLog {
  const lines: string[] = [];
  let isReleased = false;
  const logger = createLogger({
    level: "INFO",
    logFilePath: null,
    secrets: [],
    useColor: terminal.useColor,
    getColumns: () => terminal.columns,
    writeConsole(line) {
      if (isReleased) terminal.stdout(`${line}\n`);
      else lines.push(line);
    },
  });
  return {
    logger: {
      ...logger,
      request(record) {
        // Claude Code counts tokens by the dozen; what never came to the upstream is not worth a line here.
        if (record.attempts === 0 && record.errorType === null) return;
        logger.request(record);
        // Writes its line now: it is drawn right below its answer.
        logger.close();
      },
    },
    lines,
    release() {
      isReleased = true;
    },
  };
}
