import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../record/recorded.ts";
import { completionOf } from "../support/chunks.ts";
import { nameWithPostgres, postgresPassword, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";
import { runProgramIn } from "./run-program-in.ts";

test.skipIf(whyNoPostgres !== null || process.platform === "win32")(
  nameWithPostgres("what two instances record is read from a laptop and from each page"),
  async () => {
    const server = await sharePostgres();
    const url = await server.createDatabase("cli_shared_instances");
    const home = mkdtempSync(join(tmpdir(), "laptop-home-"));
    const laptop = (...args: string[]) => runProgramIn(home, args, { RECORD: url });
    const upstream = await startUpstream();
    upstream.respondWith(() => json(completionOf({ text: "right" })));
    const settings = { RECORD: url, RECORD_BODIES: "all" };
    await using one = await startProgram(upstream.baseUrl, settings);
    await using two = await startProgram(upstream.baseUrl, settings);

    const main = join(import.meta.dir, "../../src/main.ts");
    const follower = Bun.spawn([process.execPath, "--no-env-file", main, "logs", "--follow", "--json"], {
      env: { HOME: home, PATH: process.env["PATH"] ?? "", RECORD: url },
      stdout: "pipe",
      stderr: "pipe",
    });
    let followed = "";
    const reading = (async () => {
      for await (const bytes of follower.stdout) followed += new TextDecoder().decode(bytes);
    })();
    const ids: string[] = [];
    for (const { url: proxyUrl } of [one, two, one, two, one]) {
      const response = await fetch(`${proxyUrl}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(hello),
      });
      expect(response.status).toBe(200);
      await response.text();
      ids.push(response.headers.get("request-id") ?? "");
    }
    const idsOf = (text: string) => Array.from(text.matchAll(/"requestId":"(\w+)"/g), ([, id = ""]) => id);
    await until(() => idsOf(followed).length >= ids.length);
    follower.kill("SIGINT");
    expect(await follower.exited).toBe(0);
    await reading;
    expect(idsOf(followed).toSorted()).toEqual(ids.toSorted());

    const listed = await laptop("logs", "--json");
    expect(idsOf(listed.out).toSorted()).toEqual(ids.toSorted());
    const usage = JSON.parse((await laptop("usage", "--json")).out);
    expect(usage.sums.map((sum: { requests: number }) => sum.requests)).toEqual([5]);
    const shown = await laptop("logs", "show", ids[1] ?? "", "--raw", "client-request");
    expect(JSON.parse(shown.out)).toEqual(hello);
    for (const { url: proxyUrl } of [one, two]) {
      const page = await (await fetch(`${proxyUrl}/dashboard/api/requests`)).text();
      expect(idsOf(page).toSorted()).toEqual(ids.toSorted());
    }
    const status = await laptop("status", "--port", String(one.port));
    expect(status.out).toContain(`record        127.0.0.1:${server.port}/cli_shared_instances\n`);
    expect(status.out).toContain("5 requests since ");
    expect(JSON.stringify([listed, usage, shown, status]) + one.output()).not.toContain(postgresPassword);
    await upstream.stop();
    rmSync(home, { recursive: true });
  },
  60_000,
);
