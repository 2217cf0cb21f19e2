import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { until } from "../team/start-team.ts";
import { expectEachOnce, expectSpentAsRecorded, untilNothingIsReserved } from "./compare-records.ts";
import { type Fleet, nameWithFleet, startFleet, whyNoFleet } from "./start-fleet.ts";
import { startLoad } from "./start-load.ts";

/** What goes wrong with the database under load, until it is well again. */
interface Fault {
  readonly name: string;
  begin(fleet: Fleet): Promise<unknown>;
  end(fleet: Fleet): Promise<unknown>;
}

const written = ["proxy_requests", "proxy_spending", "proxy_reservations", "proxy_instances"];
const forWritten = (text: (table: string) => string) => written.map(text).join("; ");

const faults: readonly Fault[] = [
  {
    name: "is killed, and starts again",
    begin: ({ postgres }) => postgres.kill9(),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: "is restarted",
    begin: ({ postgres }) => postgres.stop("fast"),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: "has a full disk",
    begin: (fleet) =>
      fleet.query(
        `create function refuse() returns trigger language plpgsql as
          'begin raise exception ''could not extend file'' using errcode = ''53100''; end';
        ${forWritten((table) => `create trigger refuse before insert or update on ${table} for each statement execute function refuse()`)}`,
      ),
    end: (fleet) =>
      fleet.query(`${forWritten((table) => `drop trigger refuse on ${table}`)}; drop function refuse`),
  },
  {
    name: "takes 2 s for every query",
    async begin(fleet) {
      const before = await countRows(fleet);
      fleet.gate.delay(2_000);
      // Longer than for what was under way.
      await until(
        () => countRows(fleet),
        (count) => count > before + 100,
        30_000,
      );
    },
    end: ({ gate }) => gate.pass(),
  },
  {
    name: "says nothing",
    begin: async ({ gate }) => gate.stall(),
    end: ({ gate }) => gate.pass(),
  },
  {
    name: "loses connections in place of a transaction",
    begin: ({ gate }) => cutAgainAndAgain(gate, "query"),
    end: ({ gate }) => gate.pass(),
  },
  {
    name: "loses connections in place of the answer to a transaction",
    begin: ({ gate }) => cutAgainAndAgain(gate, "answer"),
    end: ({ gate }) => gate.pass(),
  },
];

async function countRows(fleet: Fleet): Promise<number> {
  const [row] = await fleet.query("select count(*)::int as rows from proxy_requests");
  return Number(row?.["rows"]);
}

async function cutAgainAndAgain(gate: Fleet["gate"], inPlaceOf: "query" | "answer"): Promise<void> {
  for (let count = 0; count < 4; count += 1) {
    await gate.cutAt("insert into proxy_requests", inPlaceOf);
    await gate.cutAt("insert into proxy_reservations", inPlaceOf);
  }
}

describe.skipIf(whyNoFleet !== null)(
  nameWithFleet("under load no request fails, and none is lost or doubled"),
  () => {
    let postgres: Postgres;
    let fleet: Fleet;
    let key: string;
    let first = 1;

    beforeAll(async () => {
      postgres = await startPostgres();
      fleet = await startFleet({ instances: 2, database: "several_faults", postgres });
      key = await fleet.addClient("web", "--usd-per-day", "100000");
    }, 60_000);

    afterAll(async () => {
      await fleet[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    });

    test.each(faults.map((fault) => [fault.name, fault] as const))(
      "where the database %s",
      async (_, fault) => {
        const load = startLoad(fleet, key, { first });
        await load.ended(60);
        await fault.begin(fleet);
        await load.ended(100);
        await fault.end(fleet);
        await load.ended(60);
        const told = await load.stop();
        first += told.length;
        await expectEachOnce(fleet, told);
      },
      60_000,
    );

    test("and each has counted once against its client's cap, for which nothing stays reserved", async () => {
      // What was reserved without an answer is taken back after half a minute.
      await untilNothingIsReserved(fleet, 60_000);
      expect(await expectSpentAsRecorded(fleet, "web")).toBeCloseTo((first - 1) / 10, 6);
    }, 70_000);
  },
);
