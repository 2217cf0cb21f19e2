import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { nameWithPostgres, whyNoPostgres } from "../support/postgres.ts";
import { status } from "../support/reply.ts";
import { readObject } from "../support/start-pair.ts";
import { until } from "../support/until.ts";
import { sendHello, startTestTeam } from "./start-team.ts";

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("the status tells a shared client nothing of the others, and one with admin all"),
  async () => {
    const home = mkdtempSync(join(tmpdir(), "status-of-one-"));
    await using team = await startTestTeam("share_status", 1);
    const [program] = team.programs;
    if (program === undefined) throw new Error("there is no program");
    const clients = (...args: string[]) => runProgramIn(home, ["clients", ...args], { RECORD: team.record });
    await until(
      () => clients("list"),
      ({ exitCode }) => exitCode === 0,
    );
    const keyOf = async (...args: string[]) => (await clients("add", ...args)).out.trim();
    const web = await keyOf("web", "--usd-per-day", "5");
    const other = await keyOf("other", "--usd-per-day", "7");
    const ops = await keyOf("ops", "--admin");
    await until(
      () => team.statuses(),
      ([code]) => code === 401,
    );
    // It knows of the last one, so it knows of all.
    await until(
      () => fetch(`${program.url}/status`, { headers: { "x-api-key": ops } }),
      ({ status: code }) => code === 200,
    );
    team.upstream.respondWith(() => status(400, { error: { message: "canary of the other" } }));
    expect((await sendHello(program.url, other)).status).toBe(400);
    const read = async (key: string) => {
      const { budgets, last_failure: failure } = await readObject(
        await fetch(`${program.url}/status`, { headers: { "x-api-key": key } }),
      );
      const names = Array.isArray(budgets) ? budgets.map(({ name }) => String(name)) : [];
      return { names: names.toSorted(), hasFailure: failure !== null };
    };
    expect(await read(web)).toEqual({ names: ["day of web"], hasFailure: false });
    expect(await read(ops)).toEqual({ names: ["day of other", "day of web"], hasFailure: true });
    rmSync(home, { recursive: true, force: true });
  },
  30_000,
);
