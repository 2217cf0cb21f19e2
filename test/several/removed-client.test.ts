import { describe, expect, test } from "bun:test";
import { until } from "../support/until.ts";
import { sendHello } from "../team/start-team.ts";
import { expectEachOnce } from "./compare-records.ts";
import { answer, nameWithFleet, startFleet, whyNoFleet } from "./start-fleet.ts";
import { startLoad } from "./start-load.ts";

describe.skipIf(whyNoFleet !== null)(nameWithFleet("a client that is removed"), () => {
  test("is refused by all within two seconds, its running answers finish, and others go on", async () => {
    await using fleet = await startFleet({
      instances: 3,
      database: "several_clients",
      // A stream takes some three seconds.
      reply: (request) => answer(request, { paceMs: 200 }),
    });
    const [removed, other] = [await fleet.addClient("leaver"), await fleet.addClient("stayer")];
    const statuses = (key: string) =>
      Promise.all(
        fleet.programs.map(async ({ port }) => {
          const response = await sendHello(`http://127.0.0.1:${port}`, key);
          await response.text();
          return response.status;
        }),
      );
    expect(await statuses(removed)).toEqual([200, 200, 200]);
    const before = fleet.upstream.requests.length;
    const load = startLoad(fleet, other, { clients: 30 });
    const running = Promise.all(
      Array.from({ length: 30 }, (_, at) => fleet.ask({ number: 10_000 + at, key: removed, isStream: true })),
    );
    await fleet.upstream.request(before + 59);

    await fleet.command("clients", "remove", "leaver");
    const removedMs = performance.now();
    await until(
      () => statuses(removed),
      (found) => found.every((status) => status === 401),
    );
    expect(performance.now() - removedMs).toBeLessThan(2_000);
    // Also through nginx, and for good.
    for (let number = 20_000; number < 20_006; number += 1) {
      const { status, error } = await fleet.ask({ number, key: removed, isStream: true });
      expect([status, error, fleet.countAsked(number)]).toEqual([401, "authentication_error", 0]);
    }
    await load.ended(30);
    const told = [...(await load.stop()), ...(await running)];
    await expectEachOnce(fleet, told);
  }, 60_000);
});
