import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunksOf, completionOf } from "../support/chunks.ts";
import { noteFigure } from "../support/note-figure.ts";
import { json, sse } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { isObject, objectOf, objectsOf } from "../support/strict/json.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

/** `KILL_ROUNDS=100 bun test test/logging/kill-program.test.ts` for the figure in docs/reliability.md. */
const rounds = Number(process.env["KILL_ROUNDS"] ?? 12);
const clients = 16;
const clientKey = "sk-client-key";
/** Tells only a program that waits for something of its predecessor from one that starts on a busy machine. */
const restartsWithinMs = 15_000;
/** The log is begun anew above it, so that no round has to look into a file that was rotated away. */
const largestLogBytes = 4_000_000;

/** What the clients of one round have seen. Events are numbered in the order in which they came. */
interface Round {
  events: number;
  /** Of every answer that was read to its end: when that was. */
  finished: Map<string, number>;
  /** Of the requests that were sent last of those that have reached the upstream: when that was. */
  lastArrived: number;
}

function ask(url: string, content: string, stream: boolean): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": clientKey },
    body: JSON.stringify({ ...hello, stream, messages: [{ role: "user", content }] }),
  });
}

/** Asks one thing after the other until the program is gone. */
async function askUntilKilled(url: string, round: Round, client: number): Promise<void> {
  try {
    for (let count = 0; ; count += 1) {
      round.events += 1;
      const response = await ask(url, String(round.events), (count + client) % 2 === 0);
      const text = await response.text();
      // A stream that was cut is no answer; a whole one rejects.
      if (!text.includes("end_turn")) return;
      round.events += 1;
      round.finished.set(response.headers.get("request-id") ?? "", round.events);
    }
  } catch {
    // Killed.
  }
}

/** Loads the program, kills it after a random time and gives what the clients have seen. */
async function playRound(program: RunningProgram, upstream: Upstream): Promise<Round> {
  const round: Round = { events: 0, finished: new Map(), lastArrived: 0 };
  upstream.respondWith((request) => {
    const sent = Number(objectsOf(objectOf(request.body)["messages"]).at(-1)?.["content"]);
    round.lastArrived = Math.max(round.lastArrived, sent);
    return objectOf(request.body)["stream"] === true
      ? sse(chunksOf({ text: "hello" }))
      : json(completionOf({ text: "hello" }));
  });
  const asking = Array.from({ length: clients }, (_, client) => askUntilKilled(program.url, round, client));
  await Bun.sleep(100 + Math.random() * 200);
  // On a machine that is busy with other things so few may have ended by then that nothing could be lost.
  for (let tries = 0; round.finished.size <= clients && tries < 2_000; tries += 1) await Bun.sleep(10);
  program.kill("SIGKILL");
  await Promise.all([...asking, program.exited]);
  return round;
}

/** The ids of the requests in a log, and how many of its lines are no record. */
function readLog(path: string): { ids: string[]; torn: number; endsInLine: boolean } {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.split("\n").filter((line) => line !== "");
  const ids: string[] = [];
  let torn = 0;
  for (const line of lines) {
    try {
      const record: unknown = JSON.parse(line);
      if (isObject(record) && record["event"] === "request") ids.push(String(record["requestId"]));
    } catch {
      torn += 1;
    }
  }
  return { ids, torn, endsInLine: text === "" || text.endsWith("\n") };
}

test(
  "[row 73] a program that is killed under load has lost no record but those of its last turn, and starts again",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "claude-proxy-kill-"));
    const path = join(folder, "claude-proxy.log");
    const upstream = await startUpstream();
    const settings = { LOG_FILE_PATH: path, PROXY_API_KEY: clientKey };
    const start = () => startProgram(upstream.baseUrl, settings);
    let program = await start();
    const sum = { answers: 0, late: 0, torn: 0, slowestMs: 0 };
    try {
      for (let number = 1; number <= rounds; number += 1) {
        const round = await playRound(program, upstream);
        await program[Symbol.asyncDispose]();
        const { ids, torn, endsInLine } = readLog(path);
        // Each takes what was written before, so every line of earlier rounds is looked at again.
        expect(torn).toBeLessThanOrEqual(sum.torn + (endsInLine ? 0 : 1));
        const recorded = new Set(ids);
        expect(ids.length).toBe(recorded.size);
        const lost = [...round.finished].filter(([id]) => !recorded.has(id));
        // Who has sent a request behind an answer, and had it served, has seen the turn of that answer end.
        expect(lost.filter(([, finishedAt]) => finishedAt < round.lastArrived)).toEqual([]);
        // With more answers than clients, one of them has asked again behind an answer.
        expect(round.finished.size).toBeGreaterThan(clients);
        sum.answers += round.finished.size;
        sum.late += lost.length;
        sum.torn = torn;
        if (existsSync(path) && statSync(path).size > largestLogBytes) {
          rmSync(path);
          sum.torn = 0;
        }

        const killedAtMs = performance.now();
        program = await start();
        upstream.reply(json(completionOf({ text: "up again" })));
        expect(await (await ask(program.url, "0", false)).text()).toContain("up again");
        sum.slowestMs = Math.max(sum.slowestMs, performance.now() - killedAtMs);
        expect(sum.slowestMs).toBeLessThan(restartsWithinMs);
      }
      noteFigure(
        73,
        `${rounds} kills, ${sum.answers} answers: ${sum.late} without a record, all of the last turn; up again within ${(sum.slowestMs / 1000).toFixed(1)} s`,
      );
    } finally {
      await program[Symbol.asyncDispose]();
      await upstream.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  30_000 + rounds * 3_000,
);
