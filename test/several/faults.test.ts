import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { mountDisk, type SmallDisk, whyNoDisk } from "../support/small-disk.ts";
import { until } from "../support/until.ts";
import { expectEachOnce, expectSpentAsRecorded, untilNothingIsReserved } from "./compare-records.ts";
import { type Fleet, nameWithFleet, startFleet, whyNoFleet } from "./start-fleet.ts";
import { startLoad } from "./start-load.ts";

/** What goes wrong with the database under load, until it is well again. */
interface Fault {
  readonly name: string;
  begin(fleet: Fleet): Promise<unknown>;
  end(fleet: Fleet): Promise<unknown>;
  /** Why it cannot be tried here. */
  readonly whyNot?: string | null;
}

let disk: SmallDisk | null = null;

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
    name: "has a full disk for the record",
    async begin(fleet) {
      const folder = join(fleet.postgres.folder, "small");
      const { uid, gid } = statSync(fleet.postgres.folder);
      disk = mountDisk(folder, `size=8m,mode=0700,uid=${uid},gid=${gid}`);
      await fleet.query(`create tablespace small location '${folder}'`);
      await fleet.query("alter table proxy_requests set tablespace small");
      fillDisk(join(folder, "filler"));
    },
    async end(fleet) {
      // The requests of the load may all have been answered before the first of them was to be written.
      await until(
        () => fleet.postgres.log(),
        (log) => log.includes("No space left on device"),
        20_000,
      );
      rmSync(join(fleet.postgres.folder, "small", "filler"));
      await fleet.query("alter table proxy_requests set tablespace pg_default");
      await fleet.query("drop tablespace small");
      disk?.[Symbol.dispose]();
    },
    whyNot: whyNoDisk,
  },
  {
    name: "says that its disk is full",
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

function fillDisk(path: string): void {
  expect(() => writeFileSync(path, new Uint8Array(16 << 20))).toThrow("ENOSPC");
}

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

    for (const fault of faults) {
      const whyNot = fault.whyNot ?? null;
      const name = `where the database ${fault.name}${whyNot === null ? "" : ` (skipped: ${whyNot})`}`;
      test.skipIf(whyNot !== null)(name, () => endure(fault), 60_000);
    }

    test("and each has counted once against its client's cap, for which nothing stays reserved", async () => {
      // What was reserved without an answer is taken back after half a minute.
      await untilNothingIsReserved(fleet, 60_000);
      expect(await expectSpentAsRecorded(fleet, "web")).toBeCloseTo((first - 1) / 10, 6);
    }, 70_000);

    async function endure(fault: Fault): Promise<void> {
      const load = startLoad(fleet, key, { first });
      await load.ended(60);
      await fault.begin(fleet);
      await load.ended(100);
      await fault.end(fleet);
      await load.ended(60);
      const told = await load.stop();
      first += told.length;
      await expectEachOnce(fleet, told);
    }
  },
);
