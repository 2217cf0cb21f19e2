// A program that logs without end, events or requests; the test kills it. Prints the number of a record once it has been
// logged: of an event at once, of a request when its turn of the event loop has ended.
import { createLogger } from "../../src/logging/logger.ts";
import { createRecord } from "./request-record.ts";

const [path = null, what] = process.argv.slice(2);
const logger = createLogger({ level: "INFO", logFilePath: path, secrets: [], writeConsole: () => {} });
const filling = "x".repeat(500);
for (let number = 0; ; number += 1) {
  if (what === "requests") {
    logger.request(createRecord({ attempts: number, errorMessage: filling }));
    await new Promise((resolve) => setImmediate(resolve));
  } else {
    logger.info("record", { attempts: number, filling });
  }
  process.stdout.write(`${number}\n`);
}
