import { expect, test } from "bun:test";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { removeInstance, sendHeartbeat } from "../../src/team/instances.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("whoever was heard of in the last 20 seconds lives, and a row of yesterday goes"),
  async () => {
    const url = await (await sharePostgres()).createDatabase("team_instances");
    const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
    const { query } = postgres;
    await migrate(postgres);
    const one = { id: "one", version: "1", address: "127.0.0.1:1" };
    expect(await sendHeartbeat(query, one)).toBe(1);
    await query(
      `insert into proxy_instances (id, host, version, address, seen)
       select id, 'h', '1', 'a', now() - ago::interval
       from (values ('lives', '12 s'), ('killed', '21 s'), ('kept', '23 h'), ('old', '25 h')) as rows (id, ago)`,
    );
    expect(await sendHeartbeat(query, one)).toBe(2);
    const list = async () => (await query("select id from proxy_instances order by id")).map(({ id }) => id);
    expect(await list()).toEqual(["kept", "killed", "lives", "one"]);

    // It is heard of again: also one that slept for a day, and whose own row nobody has taken out.
    await query("update proxy_instances set seen = now() - interval '25 h' where id in ('one', 'lives')");
    expect(await sendHeartbeat(query, one)).toBe(1);
    expect(await sendHeartbeat(query, { ...one, id: "two" })).toBe(2);
    await removeInstance(query, "two", 5_000);
    expect(await list()).toEqual(["kept", "killed", "one"]);
    expect(await sendHeartbeat(query, one)).toBe(1);
    await postgres.close();
  },
);
