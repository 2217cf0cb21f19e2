import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { heldReply } from "../server/dashboard/held-reply.ts";
import { completionOf } from "../support/chunks.ts";
import { openSession } from "../support/dashboard-session.ts";
import { nameWithPostgres, startPostgres, whyNoPostgres } from "../support/postgres.ts";
import { json } from "../support/reply.ts";
import { hello, readFailure } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { until } from "../support/until.ts";
import { startUpstream } from "../support/upstream.ts";
import { readTeam, sendHello, startTestTeam } from "./start-team.ts";

/** The home of whoever runs the commands: another machine. */
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "shared-clients-"));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs `claude-proxy clients …`; gives what it wrote to standard output. */
async function clients(record: string, ...words: string[]): Promise<string> {
  const { exitCode, out, err } = await runProgramIn(home, ["clients", ...words], { RECORD: record });
  if (exitCode !== 0) throw new Error(`${exitCode}: ${err}`);
  return out;
}

const addClient = async (record: string, ...words: string[]) =>
  (await clients(record, "add", ...words)).trim();

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("three instances"), () => {
  test("admit a client that was added, and refuse it within two seconds of its removal", async () => {
    await using team = await startTestTeam("share_clients", 3);
    // On this machine, and without any client, anybody may ask.
    expect(await team.statuses()).toEqual([200, 200, 200]);
    const key = await addClient(team.record, "web-team");
    expect(key).toMatch(/^sk-cp-[\w-]{43}$/);
    await until(
      () => team.statuses(),
      (statuses) => statuses.every((status) => status === 401),
    );
    expect(await team.statuses(key)).toEqual([200, 200, 200]);
    expect(await team.statuses(`${key}x`)).toEqual([401, 401, 401]);

    await clients(team.record, "remove", "web-team");
    const removedMs = performance.now();
    await until(
      () => team.statuses(key),
      (statuses) => statuses.every((status) => status === 401),
    );
    expect(performance.now() - removedMs).toBeLessThan(2_000);
    // There were clients once.
    expect(await team.statuses()).toEqual([401, 401, 401]);

    const again = await addClient(team.record, "web-team");
    await until(
      () => team.statuses(again),
      (statuses) => statuses.every((status) => status === 200),
    );
    expect(await team.statuses(key)).toEqual([401, 401, 401]);
    for (const { home: own } of team.programs) {
      const kept = readFileSync(join(own, ".local/state/claude-proxy/clients.json"), "utf8");
      expect(kept).toContain("web-team");
      expect(kept).not.toContain(again);
    }
  }, 40_000);

  test("divide the requests of a minute, and say so", async () => {
    await using team = await startTestTeam("share_limits", 3);
    const key = await addClient(team.record, "ci", "--requests-per-minute", "4");
    await until(
      () => team.statuses(),
      (statuses) => statuses.every((status) => status === 401),
    );
    await until(
      () => Promise.all(team.programs.map(({ url }) => readTeam(url, key))),
      (states) => states.every(({ instances, clients: known }) => instances === 3 && known === 1),
      10_000,
    );
    const [{ url = "" } = {}] = team.programs;
    expect((await sendHello(url, key)).status).toBe(200);
    expect((await sendHello(url, key)).status).toBe(200);
    const [status, type, message] = await readFailure(await sendHello(url, key));
    expect([status, type]).toEqual([429, "rate_limit_error"]);
    expect(message).toContain("the client ci may send 4 requests a minute, 2 of them at each of 3 instances");

    // One that has ended takes no share.
    team.programs[2]?.kill("SIGTERM");
    await team.programs[2]?.exited;
    await until(
      () => readTeam(url, key),
      ({ instances }) => instances === 2,
      10_000,
    );
  }, 40_000);

  test("show a client its own requests, and one with admin those of all", async () => {
    await using team = await startTestTeam("share_admin", 2);
    const web = await addClient(team.record, "web");
    const ops = await addClient(team.record, "ops", "--admin");
    await until(
      () => Promise.all([team.statuses(), team.statuses(ops)]),
      ([without, own]) => [...without, ...own].join() === "401,401,200,200",
    );
    for (const { url } of team.programs) {
      const held = heldReply();
      team.upstream.respondWith(() => held.reply());
      const answers = [web, ops].map((key) => sendHello(url, key, { ...hello, stream: true }));
      const cookies = new Map([
        [web, await openSession(url, web)],
        [ops, await openSession(url, ops)],
      ]);
      const seenBy = async (key: string): Promise<string[]> => {
        const response = await fetch(`${url}/dashboard/api/now`, {
          headers: { cookie: cookies.get(key) ?? "" },
        });
        const text = await response.text();
        if (response.status !== 200) throw new Error(text);
        return JSON.parse(text)
          .running.map(({ client }: { client: string }) => client)
          .toSorted();
      };
      await until(
        () => seenBy(ops),
        (seen) => seen.length === 2,
      );
      const seen = [await seenBy(ops), await seenBy(web)];
      held.begin();
      held.end();
      await Promise.all(answers.map(async (answer) => (await answer).text()));
      expect(seen).toEqual([["ops", "web"], ["web"]]);
    }
    // Whichever instance is asked, and whichever answered.
    for (const { url } of team.programs) {
      const recordedFor = async (key: string): Promise<string[]> => {
        const response = await fetch(`${url}/dashboard/api/requests`, {
          headers: { cookie: await openSession(url, key) },
        });
        const { requests } = JSON.parse(await response.text());
        return requests
          .map(({ client }: { client: string | null }) => client)
          .filter(Boolean)
          .toSorted();
      };
      const of = (names: readonly string[], name: string) => names.filter((one) => one === name).length;
      const all = await until(
        () => recordedFor(ops),
        (names) => of(names, "web") === 2 && of(names, "ops") >= 2,
      );
      expect(new Set(all)).toEqual(new Set(["ops", "web"]));
      expect(await recordedFor(web)).toEqual(["web", "web"]);
    }
  }, 40_000);

  test("start where others reach them, and admit nobody as long as there is no client", async () => {
    await using team = await startTestTeam("share_open", 1, { HOST: "0.0.0.0" });
    const [{ port = 0 } = {}] = team.programs;
    const url = `http://127.0.0.1:${port}`;
    const [status, , message] = await readFailure(await sendHello(url, "canary-stranger-0123456789"));
    expect([status, message]).toEqual([
      401,
      "claude-proxy: nobody may ask yet, as it has no client. Its administrator adds one with: claude-proxy clients add NAME",
    ]);
    const key = await addClient(team.record, "first");
    await until(
      async () => (await sendHello(url, key)).status,
      (code) => code === 200,
    );
  }, 40_000);

  test("let the clients of the file be, which win over shared ones of their name", async () => {
    const own = "canary-file-key-0123456789";
    const upstream = await startUpstream();
    upstream.respondWith(() => json(completionOf({ text: "hello" })));
    const file = `upstreams:\n  desk: { url: "${upstream.baseUrl}" }\nroutes:\n  default: desk/a\nclients:\n  web: { key: ${own} }\n`;
    await using team = await startTestTeam("share_file", 1, {}, { file });
    const [program] = team.programs;
    const web = await addClient(team.record, "web");
    const other = await addClient(team.record, "other");
    await until(
      () => team.statuses(other),
      ([status]) => status === 200,
    );
    expect([await team.statuses(own), await team.statuses(web)]).toEqual([[200], [401]]);
    expect(program?.output()).toContain("has the name of one of these settings");
    // An edit of the file leaves the shared ones as they are.
    writeFileSync(join(program?.home ?? "", "config.yaml"), file.replace(/clients:.*$/s, ""));
    await until(
      () => team.statuses(web),
      ([status]) => status === 200,
    );
    expect([await team.statuses(own), await team.statuses(other), await team.statuses()]).toEqual([
      [401],
      [200],
      [401],
    ]);
    await upstream.stop();
  }, 40_000);
});

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("without the database"), () => {
  test("known clients stay admitted, also by a proxy that starts meanwhile", async () => {
    await using postgres = await startPostgres();
    const record = await postgres.createDatabase("share_away");
    const upstream = await startUpstream();
    upstream.respondWith(() => json(completionOf({ text: "hello" })));
    const kept = mkdtempSync(join(tmpdir(), "shared-clients-home-"));
    const settings = { RECORD: record, HOST: "0.0.0.0" };
    const statusOf = async (port: number, key: string) =>
      (await sendHello(`http://127.0.0.1:${port}`, key)).status;

    await using one = await startProgram(upstream.baseUrl, settings);
    await using first = await startProgram(upstream.baseUrl, settings, { home: kept });
    const key = await addClient(record, "web");
    const capped = await addClient(record, "capped", "--usd-per-day", "5");
    for (const { port } of [one, first])
      await until(
        () => statusOf(port, key),
        (code) => code === 200,
      );
    await first[Symbol.asyncDispose]();
    await postgres.kill9();

    await using late = await startProgram(
      upstream.baseUrl,
      { ...settings, CAPS_FAIL: "closed" },
      { home: kept },
    );
    await using stranger = await startProgram(upstream.baseUrl, settings);
    await until(
      () => readTeam(`http://127.0.0.1:${late.port}`, key),
      (team) => typeof team["away_since"] === "string",
    );
    for (const { port } of [one, late]) {
      expect(await statusOf(port, key)).toBe(200);
      expect(await statusOf(port, "canary-stranger-0123456789")).toBe(401);
    }
    // Its cap is known as well, and cannot be counted.
    expect(await statusOf(late.port, capped)).toBe(503);
    // It has never heard of any client.
    expect(await readFailure(await sendHello(`http://127.0.0.1:${stranger.port}`, key))).toEqual([
      503,
      "api_error",
      "claude-proxy: its clients are in the shared database, which has not answered since the start. Try again soon.",
    ]);
    const shown = await runProgramIn(kept, ["status", "--port", String(late.port)], { PROXY_API_KEY: key });
    expect(shown.out).toMatch(
      /team +1 instance, 2 shared clients, as last known\n +The database has not answered since /,
    );
    const failed = await runProgramIn(home, ["clients", "remove", "web"], { RECORD: record });
    expect([failed.exitCode, failed.out]).toEqual([1, ""]);
    expect(failed.err).toContain(`${postgres.port}/share_away does not answer`);
    for (const text of [shown.out, failed.err, one.output(), late.output()])
      expect(text).not.toContain("canary");

    await postgres.start();
    await clients(record, "remove", "web");
    for (const { port } of [one, late])
      await until(
        () => statusOf(port, key),
        (code) => code === 401,
      );
    await upstream.stop();
    rmSync(kept, { recursive: true, force: true });
  }, 60_000);
});
