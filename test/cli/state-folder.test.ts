import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isJsonObject } from "../../src/json/json-value.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

let home: string;
let logFile: string;
let stateFile: string;
let upstream: Upstream;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "state-folder-"));
  logFile = join(home, "elsewhere", "proxy.log");
  stateFile = join(home, ".local/state/claude-proxy/token-calibration.json");
  upstream = await startUpstream();
});

afterEach(async () => {
  await upstream.stop();
  rmSync(home, { recursive: true, force: true });
});

const start = (settings: Record<string, string> = {}) =>
  startProgram(upstream.baseUrl, { HOME: home, LOG_FILE_PATH: logFile, ...settings });

const post = (program: RunningProgram, path: string) =>
  fetch(`${program.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...hello, stream: false }),
  });

/** Asks for a count, after which every charge teaches at once. */
async function count(program: RunningProgram): Promise<number> {
  const answer: unknown = await (await post(program, "/v1/messages/count_tokens")).json();
  return isJsonObject(answer) ? Number(answer["input_tokens"]) : Number.NaN;
}

/** Has one request charged at twice what it was counted as, the largest factor that is believed. */
async function learn(program: RunningProgram): Promise<void> {
  const usage = { prompt_tokens: 1000, completion_tokens: 1 };
  upstream.reply(json(completionOf({ text: "ok", usage })));
  expect((await post(program, "/v1/messages")).status).toBe(200);
}

async function stop(program: RunningProgram): Promise<void> {
  program.kill("SIGTERM");
  expect(await program.exited).toBe(0);
}

const keyOf = (model: string) => `${new URL(upstream.baseUrl).host} ${model}`;
const readFactors = (path: string) => JSON.parse(readFileSync(path, "utf8")).factors;

function writeFactors(path: string, factors: Record<string, number>): string {
  const text = JSON.stringify({ factors });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return text;
}

test("[7:calibration] what is learned lies in the state folder, wherever the log is", async () => {
  await using program = await start();
  await count(program);
  await learn(program);
  await stop(program);
  expect(readFactors(stateFile)).toEqual({ [keyOf("big-model")]: 2 });
  expect(readdirSync(dirname(logFile))).toEqual(["proxy.log"]);
  expect(program.errorOutput()).toBe("");
});

test.each([
  ["XDG_STATE_HOME", "own/claude-proxy"],
  ["STATE_DIRECTORY", "own"],
])("[7:calibration] %s says where the state folder is", async (name, folder) => {
  await using program = await start({ [name]: join(home, "own") });
  await count(program);
  await learn(program);
  await stop(program);
  expect(readFactors(join(home, folder, "token-calibration.json"))).toEqual({ [keyOf("big-model")]: 2 });
  expect(existsSync(stateFile)).toBe(false);
});

test("[7:calibration] what lies beside the log from earlier is taken over, and left there", async () => {
  const former = join(dirname(logFile), "token-calibration.json");
  const before = writeFactors(former, { [keyOf("big-model")]: 1.9, "other.example m": 1.4 });
  await using program = await start();
  const counted = await count(program);
  await stop(program);
  expect(readFactors(stateFile)).toEqual({ [keyOf("big-model")]: 1.9, "other.example m": 1.4 });
  expect(readFileSync(former, "utf8")).toBe(before);

  // From now on it is the state folder's that counts.
  writeFactors(former, { [keyOf("big-model")]: 0.7 });
  await using second = await start();
  expect(await count(second)).toBe(counted);
  await stop(second);
  expect(readFactors(stateFile)[keyOf("big-model")]).toBe(1.9);
});

test("[7:calibration] what lies beside the usual log is taken over, too", async () => {
  writeFactors(stateFile, { [keyOf("big-model")]: 1.9 });
  await using program = await start({ STATE_DIRECTORY: join(home, "own") });
  await stop(program);
  expect(readFactors(join(home, "own", "token-calibration.json"))).toEqual({ [keyOf("big-model")]: 1.9 });
});

test("[turn 83] [7:calibration] a state folder that cannot be written is warned of once, and nothing else fails", async () => {
  mkdirSync(join(home, ".local"));
  writeFileSync(join(home, ".local/state"), "a file where a folder should be");
  await using program = await start();
  const before = await count(program);
  for (let time = 0; time < 3; time += 1) {
    await learn(program);
    // What was learned is written two seconds later.
    await Bun.sleep(2_300);
  }
  expect(await count(program)).toBeGreaterThan(before);
  await stop(program);
  const warning = `Cannot write ${stateFile}; what was learned about token counts is kept in memory only.`;
  expect(program.output().split(warning)).toHaveLength(2);
  expect(await program.requestRecords(5)).toHaveLength(5);
}, 20_000);

test("[turn 83] [7:calibration] where the log cannot be written, what is learned is kept all the same", async () => {
  mkdirSync(logFile, { recursive: true });
  await using program = await start();
  await count(program);
  await learn(program);
  await stop(program);
  expect(program.output()).toContain("Warning: The log file cannot be written");
  expect(readFactors(stateFile)).toEqual({ [keyOf("big-model")]: 2 });
  expect(readdirSync(dirname(logFile))).toEqual(["proxy.log"]);
});
