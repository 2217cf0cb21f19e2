// A program that learns without end, under its own name; the test kills it. Prints the number of a lesson once it is in
// the file.
import { createLearnedStore } from "../../src/learned/learned-store.ts";

const [filePath = null, upstream = "", most = "Infinity"] = process.argv.slice(2);
const store = createLearnedStore({
  filePath,
  warn: (message, cause) => process.stdout.write(`warning: ${message} ${String(cause)}\n`),
  redact: (text) => text,
  now: Date.now,
});
const lessons = store.ofUpstream(upstream);
for (let number = 0; number < Number(most); number += 1) {
  lessons.learn("window", `model${number % 200}`, { value: number + 1, from: "x".repeat(150) });
  await store.close();
  process.stdout.write(`${number}\n`);
}
