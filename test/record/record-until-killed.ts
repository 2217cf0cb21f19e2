// A proxy's record under load, without end; the test kills it. Prints the id of each request and when it was recorded,
// in milliseconds since 1970, in lines that are written at once.
import { writeSync } from "node:fs";
import { createRecorder } from "../../src/record/create-recorder.ts";
import { createBody, createRecorded, until } from "./recorded.ts";

const [path = ""] = process.argv.slice(2);
const recorder = createRecorder({
  path,
  bodies: "all",
  keepDays: 14,
  maxMegabytes: 500,
  secrets: ["canary-0123456789"],
  warn: (message, cause) => process.stderr.write(`${message} ${String(cause)}\n`),
  openReader: () => {
    throw new Error("nothing is read here");
  },
});
// The first request starts the thread.
recorder.add(createRecorded(), []);
await until(() => recorder.state.backlog === 0);
const text = Buffer.alloc(3_000, "what was asked ");
for (let number = 0; ; number += 1) {
  const requestId = `req_${process.pid}_${number}`;
  recorder.add(createRecorded({ requestId, sessionId: "s" }), [
    createBody("client-request", [text]),
    createBody("upstream-request", [text], { send: 1 }),
  ]);
  writeSync(1, `${requestId} ${Date.now()}\n`);
  if (number % 3 === 0) await Bun.sleep(1);
}
