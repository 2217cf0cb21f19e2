import { createLogger, type Logger } from "../../logging/logger.ts";
import type { Terminal } from "../terminal.ts";

export interface HeldLog {
  logger: Logger;
  /** The held lines. */
  lines: readonly string[];
  /** From now on, each line goes to the terminal at once. */
  release(): void;
}

/**
 * A log that holds its lines until the drawing is finished. It has no file, and logs only requests that reached the
 * upstream or failed.
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
        // Claude Code counts tokens by the dozen; requests that never reached the upstream are not worth a line here.
        if (record.attempts === 0 && record.errorType === null) return;
        logger.request(record);
        // Writes its line now, so that it is drawn right below its answer.
        logger.close();
      },
    },
    lines,
    release() {
      isReleased = true;
    },
  };
}
