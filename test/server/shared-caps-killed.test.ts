import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createShared, sharedUrl } from "../budget/shared/shared-counters.ts";
import { chunk, completionOf } from "../support/chunks.ts";
import { nameWithPostgres, whyNoPostgres } from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";
import { json, sse } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, readObject } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { objectOf } from "../support/strict/json.ts";
import { startUpstream } from "../support/upstream.ts";

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 2 * soonMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await Bun.sleep(20);
  }
}

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres(
    "what a killed instance spent while the database was away counts once, and what it had reserved ends",
  ),
  async () => {
    await using shared = await createShared("caps_killed");
    await using gate = await startPostgresGate(shared.server.port);
    const upstream = await startUpstream();
    const usage = { prompt_tokens: 10, completion_tokens: 5, cost: 0.1 };
    upstream.respondWith(() => json(completionOf({ text: "hello", usage })));
    const home = mkdtempSync(join(tmpdir(), "claude-proxy-killed-"));
    const start = () =>
      startProgram(
        upstream.baseUrl,
        {
          RECORD: sharedUrl(gate.urlOf(shared.url)),
          BUDGET_USD_PER_DAY: "100",
          BUDGET_UNKNOWN_PRICE: "0/10000",
        },
        { home },
      );
    try {
      await using killed = await start();
      const post = (body: object) =>
        fetch(`${killed.url}/v1/messages`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...hello, ...body }),
        });
      expect((await post({ max_tokens: 10 })).status).toBe(200);
      await until(async () => (await shared.counters())[0]?.spent === 10);
      upstream.reply(sse([chunk({ content: "it never ends" })], { done: false, end: "stall" }));
      const endless = await post({ max_tokens: 20, stream: true });
      expect(await shared.counters()).toMatchObject([{ spent: 10, held: 20 }]);
      await gate.refuse();
      for (let asked = 0; asked < 5; asked += 1) expect((await post({ max_tokens: 10 })).status).toBe(200);
      await until(async () => {
        const { requests, record } = await readObject(await fetch(`${killed.url}/status`));
        // They are on the disk then.
        return requests === 6 && objectOf(record)["waiting"] === 0;
      });
      killed.kill("SIGKILL");
      await killed.exited;
      await expect(endless.text()).rejects.toThrow();
      await gate.pass();
      await shared.postgres.query(
        `update proxy_instances set seen = now() - interval '61 seconds';
        update proxy_reservations set made = now() - interval '61 seconds';
        insert into proxy_instances values ('another', 'h', '1', 'a', '2000-01-01', now(), '2000-01-01')`,
      );
      await using next = await start();
      await until(async () => (await shared.counters())[0]?.spent === 60);
      await until(async () => (await shared.counters())[0]?.held === 0);
      expect(await shared.counters()).toEqual([{ name: "everybody day", spent: 60, reserved: 0, held: 0 }]);
      expect(await shared.postgres.query("select count(*)::int4 as n from proxy_requests")).toEqual([
        { n: 6 },
      ]);
      expect(next.exitCode()).toBeNull();
    } finally {
      await upstream.stop();
      rmSync(home, { recursive: true, force: true });
    }
  },
  60_000,
);
