// The first argument is the path of the file, or the URL of a shared record; then the second is the folder in which its
// requests wait.
// A proxy's record under load, without end; the test kills it. Prints the id of each request and when it was recorded,
// in milliseconds since the start, in lines that are written at once. Each line also says how long a message to another thread
// and back took at most in the last second: how much of the machine this process gets.
import { writeSync } from "node:fs";
import { createRecorder } from "../../src/record/create-recorder.ts";
import { selectRecordPlace } from "../../src/record/record-place.ts";
import { createBody, createRecorded, until } from "./recorded.ts";

const [address = "", spoolFolder = ""] = process.argv.slice(2);
const place = selectRecordPlace(address, address);
const recorder = createRecorder({
  place: place.kind === "file" ? place : { ...place, spoolFolder, instance: "ins_killed" },
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
const trips = startTrips();
for (let number = 0; ; number += 1) {
  const requestId = `req_${process.pid}_${number}`;
  recorder.add(createRecorded({ requestId, sessionId: "s" }), [
    createBody("client-request", [text]),
    createBody("upstream-request", [text], { send: 1 }),
  ]);
  writeSync(1, `${requestId} ${performance.now()} ${Math.ceil(trips.longestMs())}\n`);
  // So few that time alone, and never a full batch, has them written.
  await Bun.sleep(10);
}

/** Sends a message to a thread that does nothing else than to send it back, every 10 ms. */
function startTrips(): { longestMs(): number } {
  const code = "self.onmessage = ({ data }) => self.postMessage(data);";
  const echo = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const took: { atMs: number; tripMs: number }[] = [];
  let dueMs = performance.now();
  let isUnderWay = false;
  echo.onmessage = () => {
    const nowMs = performance.now();
    took.push({ atMs: nowMs, tripMs: nowMs - dueMs });
    while ((took[0]?.atMs ?? nowMs) < nowMs - 1000) took.shift();
    isUnderWay = false;
    dueMs = nowMs + 10;
  };
  setInterval(() => {
    if (isUnderWay) return;
    isUnderWay = true;
    echo.postMessage(null);
  }, 10);
  return { longestMs: () => Math.max(0, performance.now() - dueMs, ...took.map(({ tripMs }) => tripMs)) };
}
