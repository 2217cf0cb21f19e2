// Plays mixed traffic with one fault in ten against the program for a while and reports what it holds before, in each third
// and at rest: `bun run soak [--minutes 30] [--streams 50] [--seed 7]`. The exit code is not 0 when an answer was wrong, when
// memory has grown under load, or when memory, descriptors or running requests are left at rest.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRandom } from "../../test/support/random.ts";
import { type RunningProgram, startProgram } from "../../test/support/start-program.ts";
import { objectOf, objectsOf } from "../../test/support/strict/json.ts";
import { startUpstream } from "../../test/support/upstream.ts";
import { medianOf } from "../median-of.ts";
import { judgeMemory } from "./judge-memory.ts";
import { play, type Scenario, scenarios } from "./scenarios.ts";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    streams: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const megabyte = 1024 * 1024;
const durationMs = Number(options.minutes) * 60_000;
const samplesInThird = 30;
/** Behind the collection, which comes after a second, and the first counts, which come after three and load the tokenizer. */
const settlesMs = 10_000;

function pickScenario(random: () => number): Scenario {
  let rest = random() * scenarios.reduce((sum, { share }) => sum + share, 0);
  for (const scenario of scenarios) {
    rest -= scenario.share;
    if (rest < 0) return scenario;
  }
  throw new Error("there is no scenario");
}

interface Sample {
  megabytes: number;
  descriptors: number;
  running: number;
}

function readMegabytes(program: RunningProgram): number {
  return Math.round(program.memoryBytes() / megabyte);
}

/**
 * What a program that has worked holds besides: the threads of the tokenizer and of the record have two each, the record
 * is three files, and a few connections may still be kept alive.
 */
const mostNewDescriptors = 10;

/** Memory under load, evenly over a third of the run; the last sample comes before the load ends. */
async function sampleThird(program: RunningProgram, when: string): Promise<number[]> {
  const samples: number[] = [];
  for (let count = 0; count < samplesInThird; count += 1) {
    samples.push(readMegabytes(program));
    await Bun.sleep(durationMs / 3 / samplesInThird);
  }
  console.log(`${when}: ${medianOf(samples)} MB, from ${Math.min(...samples)} to ${Math.max(...samples)}`);
  return samples;
}

async function takeSample(program: RunningProgram, when: string): Promise<Sample> {
  const status: unknown = await (await fetch(program.url, { keepalive: false })).json();
  const sample = {
    megabytes: readMegabytes(program),
    descriptors: readdirSync(`/proc/${program.pid}/fd`).length,
    running: Number(objectOf(status)["running_requests"]),
  };
  console.log(
    `${when}: ${sample.megabytes} MB, ${sample.descriptors} descriptors, ${sample.running} running`,
  );
  return sample;
}

const random = createRandom(Number(options.seed));
const upstream = await startUpstream();
await using program = await startProgram(upstream.baseUrl, { LOG_LEVEL: "WARN" });
upstream.respondWith(({ body }) => {
  const said = String(objectsOf(objectOf(body)["messages"]).at(-1)?.["content"]);
  const [name, text = ""] = said.split("|");
  // What has been answered is not looked at again.
  upstream.requests.length = 0;
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new Error(`nobody knows ${name}`);
  return scenario.reply(text, objectOf(body));
});

console.log(`${options.minutes} minutes, ${options.streams} at a time, seed ${options.seed}`);
const before = await takeSample(program, "before      ");
const faults: string[] = [];
let played = 0;
const endsAtMs = performance.now() + durationMs;
const work = async () => {
  while (performance.now() < endsAtMs) {
    const text = `canary-${Math.floor(random() * 1e9)} `.repeat(1 + Math.floor(random() * 20));
    const fault = await play(pickScenario(random), program.url, text);
    if (fault !== null) faults.push(fault);
    played += 1;
  }
};
const workers = Promise.all(Array.from({ length: Number(options.streams) }, work));
await sampleThird(program, "first third ");
const second = await sampleThird(program, "second third");
const last = await sampleThird(program, "last third  ");
await workers;
await upstream.stop();
await Bun.sleep(settlesMs);
const end = await takeSample(program, "at rest     ");

faults.push(...judgeMemory({ minutes: Number(options.minutes), second, last, rest: end.megabytes }));
if (end.descriptors > before.descriptors + mostNewDescriptors)
  faults.push(`${end.descriptors - before.descriptors} descriptors are left`);
if (end.running !== 0) faults.push(`${end.running} requests still run`);
for (const fault of faults.slice(0, 20)) console.log(`FAULT ${fault}`);
console.log(`${played} requests, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
