import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { migrate } from "../../../src/postgres/migrate.ts";
import { openPostgres } from "../../../src/postgres/open-postgres.ts";
import {
  nameWithPostgres,
  type Postgres,
  postgresPassword,
  sharePostgres,
  whyNoPostgres,
} from "../../support/postgres.ts";
import { startBrokenUpstream } from "./broken-upstream.ts";
import { runDoctorIn, settingsFor } from "./run-doctor-in.ts";

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("doctor looks at a shared record"), () => {
  let server: Postgres;
  let record: string;
  let upstream: ReturnType<typeof startBrokenUpstream>;

  beforeAll(async () => {
    server = await sharePostgres();
    record = await server.createDatabase("doctor_record");
    upstream = startBrokenUpstream();
  });

  afterAll(() => upstream[Symbol.asyncDispose]());

  /** Its exit code, and what it says of the record. */
  async function look(url: string | null): Promise<[number, ...string[]]> {
    const settings = settingsFor(upstream.url, url === null ? "" : `RECORD=${url}`);
    const { exitCode, out, err } = await runDoctorIn(settings, ["--setup-only", "--json"]);
    expect(out + err).not.toContain(postgresPassword);
    const findings = JSON.parse(out).setup.filter(
      ({ subject }: Record<string, string>) => subject === "record",
    );
    return [
      exitCode,
      ...findings.map(({ standing, text }: Record<string, string>) => `${standing}: ${text}`),
    ];
  }

  const place = (name = "doctor_record") => `127.0.0.1:${server.port}/${name}`;

  test("nothing is said of a record in the state folder", async () => {
    expect(await look(null)).toEqual([0]);
  });

  test("a database without tables gets none, and one with tables answers", async () => {
    expect(await look(record)).toEqual([
      0,
      `ok: the database ${place()} answers, encrypted; the next start makes its tables`,
    ]);
    expect(
      await server.query(
        "select 1 from pg_tables where schemaname = 'public' and tablename like '%proxy%'",
        record,
      ),
    ).toEqual([]);
    const postgres = openPostgres({ url: record, name: "test", connections: 1, timeoutMs: 5000 });
    await migrate(postgres);
    await postgres.close();
    expect(await look(`${record}?sslmode=disable`)).toEqual([
      0,
      `ok: the database ${place()} answers, not encrypted`,
    ]);
    await server.query("update claude_proxy_version set version = 9999", record);
    expect(await look(record)).toEqual([
      1,
      expect.stringMatching(/^fails: .* version 9999, and this program/),
    ]);
  });

  test("a user who may make no tables, a wrong password, a database that is not there", async () => {
    const empty = await server.createDatabase("doctor_record_empty");
    await server.query(
      `drop role if exists canary_reader; create role canary_reader login password '${postgresPassword}'`,
    );
    const asReader = empty.replace(/\/\/[^:]*:/, "//canary_reader:");
    expect(await look(asReader)).toEqual([
      1,
      `fails: the user in RECORD may make no tables in ${place("doctor_record_empty")}. Grant it CREATE and USAGE on the schema`,
    ]);
    await server.query("grant create on schema public to canary_reader", empty);
    expect(await look(asReader)).toEqual([0, expect.stringMatching(/the next start makes its tables$/)]);
    expect(await look(record.replace(postgresPassword, "wrong-canary"))).toEqual([
      1,
      `fails: The database ${place()} refuses the user or the password of RECORD. Correct them.`,
    ]);
    expect(await look(`${record}_gone`)).toEqual([
      1,
      `fails: There is no such database: ${place("doctor_record_gone")}. Create it, or correct RECORD.`,
    ]);
  });
});
