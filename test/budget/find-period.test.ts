import { expect, test } from "bun:test";
import { join } from "node:path";

const source = join(import.meta.dir, "../../src/budget/find-period.ts");

/** Walks through a year in steps of 20 minutes, and prints what is wrong, and how many hours its days have. */
const walk = `
const { findPeriod } = await import(${JSON.stringify(source)});
const faults = [];
const hours = {};
let last = null;
for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 2); ms += 1200000) {
  const day = findPeriod("day", ms);
  const month = findPeriod("month", ms);
  for (const { startMs, endMs } of [day, month]) if (ms < startMs || ms >= endMs) faults.push("outside " + ms);
  if (day.startMs < month.startMs || day.endMs > month.endMs) faults.push("day beyond month " + ms);
  const [one, other] = [new Date(day.startMs), new Date(ms)];
  if (one.toDateString() !== other.toDateString()) faults.push("another date " + ms);
  if (new Date(month.startMs).getDate() !== 1) faults.push("no first day " + ms);
  if (last !== null && last.startMs !== day.startMs) {
    if (last.endMs !== day.startMs) faults.push("a gap " + ms);
    const length = (last.endMs - last.startMs) / 3600000;
    hours[length] = (hours[length] ?? 0) + 1;
  }
  last = day;
}
console.log(JSON.stringify({ faults, hours: Object.entries(hours).filter(([length]) => length !== "24").map(([length, days]) => length + "h:" + days).sort() }));
`;

test.each([
  ["UTC", []],
  ["Europe/Berlin", ["23h:1", "25h:1"]],
  ["America/New_York", ["23h:1", "25h:1"]],
  // Half an hour.
  ["Australia/Lord_Howe", ["23.5h:1", "24.5h:1"]],
  // The clocks change at midnight: one day begins at 1:00.
  ["Africa/Cairo", ["23h:1", "25h:1"]],
  ["America/Havana", ["23h:1", "25h:1"]],
  ["Asia/Beirut", ["23h:1", "25h:1"]],
])(
  "days and months in %s have no gap, and those of a change of the clocks other lengths",
  async (zone, hours) => {
    const child = Bun.spawn([process.execPath, "--no-env-file", "-e", walk], {
      env: { ...process.env, TZ: zone },
      stdout: "pipe",
    });
    expect(JSON.parse(await new Response(child.stdout).text())).toEqual({ faults: [], hours });
  },
);
