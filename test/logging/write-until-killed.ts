// A program that logs without end; the test kills it. Prints the number of a record once it has been logged.
import { createLogger } from "../../src/logging/logger.ts";

const logger = createLogger({
  level: "INFO",
  logFilePath: process.argv[2] ?? null,
  secrets: [],
  writeConsole: () => {},
});
for (let number = 0; ; number += 1) {
  logger.info("record", { number, filling: "x".repeat(500) });
  process.stdout.write(`${number}\n`);
}
