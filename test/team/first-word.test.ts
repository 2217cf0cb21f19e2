import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTeam } from "../../src/team/start-team.ts";
import { runProgramIn } from "../cli/run-program-in.ts";
import { findFreePort } from "../support/find-free-port.ts";
import { nameWithPostgres, whyNoPostgres } from "../support/postgres.ts";
import { until } from "../support/until.ts";
import { startTestTeam } from "./start-team.ts";

test("requests wait for the first word of a database that is away once, and then never again", async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), "first-word-"));
  const team = startTeam({
    url: `postgres://canary:canary-0123456789@127.0.0.1:${await findFreePort()}/nothing`,
    id: "ins_test",
    version: "1",
    stateFolder,
    applyClients: async () => undefined,
    listOwnClients: () => [],
    adoptFactors: () => true,
    warn: () => undefined,
  });
  const first = team.whenKnown();
  expect(first).toBeInstanceOf(Promise);
  await first;
  expect(team.shared.state).toBe("unknown");
  expect(team.whenKnown()).toBeNull();
  await team.close();
  rmSync(stateFolder, { recursive: true, force: true });
});

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("a state folder that is none keeps nobody from hearing of a new client"),
  async () => {
    const home = mkdtempSync(join(tmpdir(), "first-word-home-"));
    mkdirSync(join(home, ".local/state"), { recursive: true });
    writeFileSync(join(home, ".local/state/claude-proxy"), "");
    {
      await using team = await startTestTeam("share_no_folder", 1, {}, { home });
      const laptop = mkdtempSync(join(home, "laptop-"));
      const clients = (...args: string[]) =>
        runProgramIn(laptop, ["clients", ...args], { RECORD: team.record });
      await until(
        () => clients("list"),
        ({ exitCode }) => exitCode === 0,
      );
      const added = await clients("add", "web");
      await until(
        () => team.statuses(),
        ([status]) => status === 401,
      );
      expect(await team.statuses(added.out.trim())).toEqual([200]);
      expect(team.programs[0]?.exitCode()).toBeNull();
    }
    rmSync(home, { recursive: true, force: true });
  },
  30_000,
);
