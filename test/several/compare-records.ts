import { expect } from "bun:test";
import { until } from "../support/until.ts";
import { type Fleet, sessionOf, type Told } from "./start-fleet.ts";

const longestMs = 40_000;

/** The requests of the record with these numbers: of each its session and its id. */
export async function readRecorded(
  fleet: Fleet,
  first: number,
  last: number,
): Promise<{ session: string; id: string }[]> {
  const rows = await fleet.query(
    `select session, id from proxy_requests where path = '/v1/messages' and session like 'several-%'
      and substr(session, 9)::int between ${first} and ${last} order by substr(session, 9)::int, id`,
  );
  return rows.map(({ session, id }) => ({ session: String(session), id: String(id) }));
}

export const listTold = (told: readonly Told[]) =>
  told
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, requestId }) => ({ session: sessionOf(number), id: requestId }));

/**
 * Asserts that each request was answered whole, that the upstream was asked for it once, and that it is in the record
 * once, as soon as nothing waits any more.
 */
export async function expectEachOnce(fleet: Fleet, told: readonly Told[]): Promise<void> {
  expect(told.filter(({ fault }) => fault !== null)).toEqual([]);
  const numbers = told.map(({ number }) => number);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const wanted = listTold(told);
  expect(wanted.filter(({ session }) => fleet.countAsked(Number(session.slice(8))) !== 1)).toEqual([]);
  await until(
    async () => (await readRecorded(fleet, first, last)).length,
    (count) => count >= wanted.length,
    longestMs,
  );
  expect(await readRecorded(fleet, first, last)).toEqual(wanted);
}

/** Asserts that the counters of a client hold what its requests in the record cost. Gives that in dollars. */
export async function expectSpentAsRecorded(fleet: Fleet, client: string): Promise<number> {
  const [sums] = await fleet.query(
    `select (select coalesce(sum(spent_picousd), 0)::text from proxy_spending where client = '${client}') spent,
      (select coalesce(sum(cost_picousd), 0)::text from proxy_requests where client = '${client}') cost`,
  );
  expect(sums?.["spent"]).toBe(String(sums?.["cost"]));
  return Number(sums?.["spent"]) / 1e12;
}

/** Waits until nothing is reserved any more, neither at a counter nor for a request. */
export async function untilNothingIsReserved(fleet: Fleet, waitMs: number): Promise<void> {
  await until(
    async () =>
      (
        await fleet.query(
          `select (select coalesce(sum(abs(reserved_picousd)), 0)::text from proxy_spending) counters,
            (select count(*)::int from proxy_reservations) requests`,
        )
      )[0],
    (found) => Bun.deepEquals({ ...found }, { counters: "0", requests: 0 }),
    waitMs,
  );
}
