import { describe, expect, test } from "bun:test";
import { until } from "../support/until.ts";
import { expectSpentAsRecorded, listTold, readRecorded } from "./compare-records.ts";
import {
  type Fleet,
  nameWithFleet,
  readNumber,
  sessionOf,
  startFleet,
  type Told,
  whyNoFleet,
} from "./start-fleet.ts";
import { startLoad } from "./start-load.ts";

/** What ended so long before the kill is not lost, on a machine that has time for the process. */
const writtenMs = 250;
/** How often a request waits for the machine on its way to the disk, each time as long as this process had to at most. */
const waits = 4;
const killed = 0;

/** How late the timers of this process were at most in the last second. */
function watchLateness(): { longestMs(): number; stop(): void } {
  const stepMs = 10;
  const late: { atMs: number; lateMs: number }[] = [];
  let dueMs = performance.now() + stepMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    late.push({ atMs: nowMs, lateMs: Math.max(0, nowMs - dueMs) });
    while ((late[0]?.atMs ?? nowMs) < nowMs - 1_000) late.shift();
    dueMs = nowMs + stepMs;
  }, stepMs);
  return {
    longestMs: () => Math.max(0, ...late.map(({ lateMs }) => lateMs)),
    stop: () => clearInterval(timer),
  };
}

/** The numbers of requests that the upstream had from this instance. */
function listNumbers({ upstream }: Fleet, instance: number): ReadonlySet<number> {
  return new Set(
    upstream.requests
      .filter(({ path }) => path.startsWith(`/${instance}/`))
      .map(({ body }) => readNumber(body)),
  );
}

describe.skipIf(whyNoFleet !== null)(nameWithFleet("an instance that is killed under load"), () => {
  test.each([
    ["with the database at hand", "well", async () => undefined],
    ["while the database is away, too", "away", ({ gate }: Fleet) => gate.refuse()],
    ["while the database says nothing", "silent", async ({ gate }: Fleet) => gate.stall()],
    [
      "behind a transaction whose answer it never got",
      "cut",
      ({ gate }: Fleet) => gate.cutAt("insert into proxy_requests", "answer"),
    ],
  ] as const)(
    "takes along what it was answering, and nothing else: %s",
    async (_, name, spoil) => {
      await using fleet = await startFleet({ instances: 3, database: `several_killed_${name}` });
      const key = await fleet.addClient("web", "--usd-per-day", "100000");
      const load = startLoad(fleet, key, { clients: 30 });
      const lateness = watchLateness();
      await load.ended(90);
      await spoil(fleet);
      await load.ended(90);
      const allowedMs = writtenMs + waits * lateness.longestMs();
      const killedMs = performance.now();
      fleet.programs[killed]?.kill("SIGKILL");
      await fleet.programs[killed]?.exited;
      const goneMs = performance.now();
      const ofKilled = listNumbers(fleet, killed);
      lateness.stop();
      await load.ended(90);
      await fleet.restart(killed);
      await fleet.gate.pass();
      await load.ended(60);
      const told = await load.stop();

      const failed = told.filter(({ fault }) => fault !== null);
      expect(failed.filter((one) => !wasInItsHands(one))).toEqual([]);
      expect(failed.length).toBeGreaterThan(0);
      expect(told.filter(({ number }) => fleet.countAsked(number) > 1)).toEqual([]);
      expect(told.filter(({ number, fault }) => fault === null && fleet.countAsked(number) !== 1)).toEqual(
        [],
      );

      const mayBeMissing = ({ number, fault, endedMs }: Told) =>
        ofKilled.has(number) &&
        (fault !== null || endedMs > killedMs - allowedMs) &&
        endedMs - killedMs < 5_000;
      const wanted = listTold(told.filter((one) => one.fault === null && !mayBeMissing(one)));
      const isRecorded = (rows: readonly object[]) => {
        const texts = new Set(rows.map((row) => JSON.stringify(row)));
        return wanted.every((one) => texts.has(JSON.stringify(one)));
      };
      const rows = await until(() => readRecorded(fleet, 1, told.length), isRecorded, 20_000);
      // Beside them is only what it had just ended, or was about to, and each request is there once.
      const others = new Set(told.filter(mayBeMissing).map(({ number }) => sessionOf(number)));
      const known = new Set(wanted.map(({ session }) => session));
      expect(rows.filter(({ session }) => !known.has(session) && !others.has(session))).toEqual([]);
      expect(new Set(rows.map(({ session }) => session)).size).toBe(rows.length);
      expect(wanted.length).toBeGreaterThan(250);
      await expectSpentAsRecorded(fleet, "web");

      /** It was sent before the instance was gone, and no other one has asked the upstream for it. */
      function wasInItsHands({ number, sentMs, endedMs }: Told): boolean {
        return (
          sentMs < goneMs && endedMs > killedMs && (ofKilled.has(number) || fleet.countAsked(number) === 0)
        );
      }
    },
    60_000,
  );
});
