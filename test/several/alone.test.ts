import { expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { startProgram } from "../support/start-program.ts";
import { until } from "../support/until.ts";
import { startUpstream } from "../support/upstream.ts";
import { sendHello } from "../team/start-team.ts";

/** What Bun keeps for itself when it runs from the sources. */
const isOfBun = (path: string) => path === ".bun" || path.startsWith(".bun/");

test.skipIf(process.platform !== "linux")(
  "who has no shared record has one thread beside the serving one, the record's, and no file more",
  async () => {
    const upstream = await startUpstream();
    upstream.respondWith(() => json(completionOf({ text: "hello" })));
    await using program = await startProgram(upstream.baseUrl);
    const listThreads = () =>
      readdirSync(`/proc/${program.pid}/task`).map((id) =>
        readFileSync(`/proc/${program.pid}/task/${id}/comm`, "utf8").trim(),
      );
    const countWorkers = () => listThreads().filter((name) => name === "Worker").length;
    expect(countWorkers()).toBe(0);
    for (let count = 0; count < 3; count += 1)
      expect((await sendHello(program.url, undefined)).status).toBe(200);
    await until(countWorkers, (count) => count === 1);
    program.kill("SIGTERM");
    expect(await program.exited).toBe(0);
    const files = readdirSync(program.home, { recursive: true, encoding: "utf8" });
    expect(files.filter((path) => !isOfBun(path)).toSorted()).toEqual([
      ".local",
      ".local/state",
      ".local/state/claude-proxy",
      ".local/state/claude-proxy/record.sqlite",
      "claude-proxy.log",
    ]);
    await upstream.stop();
  },
);

const root = join(import.meta.dir, "../..");
/** What is there for a shared record alone. */
const ofShared = ["postgres", "team", "budget/shared", "record/postgres", "record/spool"];

test("who has no shared record needs no module of one: without them all is answered, recorded and capped", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-alone-"));
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const name of ofShared) rmSync(join(folder, "src", name), { recursive: true });
  const upstream = await startUpstream();
  const usage = { prompt_tokens: 10, completion_tokens: 5, cost: 2 };
  upstream.respondWith(() => json(completionOf({ text: "hello", usage })));
  const main = join(folder, "src/main.ts");
  {
    await using program = await startProgram(upstream.baseUrl, { BUDGET_USD_PER_DAY: "1" }, { main });
    expect((await sendHello(program.url, undefined)).status).toBe(200);
    expect((await sendHello(program.url, undefined)).status).toBe(429);
    for (const path of ["/status", "/metrics", "/v1/models"])
      expect((await fetch(`${program.url}${path}`)).status).toBe(200);
    program.kill("SIGTERM");
    expect(await program.exited).toBe(0);
    const { exitCode, out } = await runProgramIn(program.home, ["usage", "--by", "model", "--json"]);
    const counts: number[] = JSON.parse(out).sums.map(({ requests }: { requests: number }) => requests);
    expect([exitCode, counts.reduce((sum, count) => sum + count, 0)]).toEqual([0, 2]);
    expect(program.errorOutput()).toBe("");
  }
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);
