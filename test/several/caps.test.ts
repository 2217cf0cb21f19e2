import { describe, expect, test } from "bun:test";
import { expectEachOnce, expectSpentAsRecorded, untilNothingIsReserved } from "./compare-records.ts";
import { answer, answerCostUsd, nameWithFleet, startFleet, whyNoFleet } from "./start-fleet.ts";

const capUsd = 1;
const requests = 50;
const isForRunning =
  /^429 rate_limit_error claude-proxy: Today's limit of \$1 for client web: \$[\d.]+ spent, and running requests may spend the rest\. Try again in a few seconds\.$/;

describe.skipIf(whyNoFleet !== null)(nameWithFleet("a cap of $1 under 50 requests at once"), () => {
  test.each([[2], [3]])(
    "holds within the cost of one request of each of %d instances",
    async (instances) => {
      await using fleet = await startFleet({
        instances,
        database: `several_caps_${instances}`,
        // A machine with too much to do lets nobody pass unasked.
        settings: { CAPS_FAIL: "closed" },
        // All have asked before the first answer ends.
        reply: (request) => answer(request, { headDelayMs: 3_000, paceMs: 300 }),
      });
      const key = await fleet.addClient("web", "--usd-per-day", String(capUsd));
      /** A database that did not answer in time is asked again. */
      const askUntilAnswered = async (number: number) => {
        for (;;) {
          const told = await fleet.ask({ number, key, isStream: number % 2 === 0 });
          if (told.status !== 503) return told;
          await Bun.sleep(200);
        }
      };
      const told = await Promise.all(Array.from({ length: requests }, (_, at) => askUntilAnswered(at + 1)));
      const answered = told.filter(({ fault }) => fault === null);
      const refused = told.filter(({ fault }) => fault !== null);
      const most = capUsd / answerCostUsd + instances;
      expect(answered.length).toBeLessThanOrEqual(most);
      expect(
        refused.filter(({ status, error, message }) => !isForRunning.test(`${status} ${error} ${message}`)),
      ).toEqual([]);
      // What a machine with too much to do has reserved too late keeps others out for a moment.
      await untilNothingIsReserved(fleet, 60_000);
      let number = requests;
      const askOne = async () => {
        number += 1;
        return await askUntilAnswered(number);
      };
      let last = await askOne();
      for (; last.fault === null; last = await askOne()) answered.push(last);
      expect([last.status, last.error]).toEqual([429, "billing_error"]);
      expect(last.message).toContain("Today's limit of $1 for client web is reached");
      expect(answered.length).toBeGreaterThanOrEqual(capUsd / answerCostUsd);
      expect(answered.length).toBeLessThanOrEqual(most);
      const asked = answered.map((one) => fleet.countAsked(one.number));
      expect([asked, fleet.upstream.requests.length]).toEqual([answered.map(() => 1), answered.length]);

      await untilNothingIsReserved(fleet, 20_000);
      expect(await expectSpentAsRecorded(fleet, "web")).toBeCloseTo(answered.length * answerCostUsd, 9);
      // At none of them.
      for (let more = 0; more < 6; more += 1) {
        const { status, error } = await askOne();
        expect([status, error]).toEqual([429, "billing_error"]);
      }
      // The cap of one client is not that of another.
      const other = await fleet.addClient("other");
      await expectEachOnce(fleet, [await fleet.ask({ number: 100, key: other, isStream: true })]);
    },
    // What is reserved too late is taken back after half a minute.
    150_000,
  );
});
